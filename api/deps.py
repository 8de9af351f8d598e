"""What routes ask for: the place they work at, and a form that was checked."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData

from api.cases import Desk
from api.catalogue import Catalogue
from api.consult import OpenCase
from api.imports import Upload
from api.office import Office
from api.security import check_csrf
from api.settings import Settings
from api.waiting import Waiting
from graph.errors import InputError, NotFoundError
from matching.gaps.report import GapReport

_LONGEST_NAME = 60


class Here:
    """Everything a route works with, from one request."""

    def __init__(self, request: Request) -> None:
        self.request = request

    @property
    def office(self) -> Office:
        """Store, vocabulary and engine."""
        office: Office = self.request.app.state.office
        return office

    @property
    def catalogue(self) -> Catalogue:
        """The searchable list."""
        catalogue: Catalogue = self.request.app.state.catalogue
        return catalogue

    @property
    def cases(self) -> Desk[OpenCase]:
        """Open cases of all browsers."""
        cases: Desk[OpenCase] = self.request.app.state.cases
        return cases

    @property
    def uploads(self) -> Desk[Upload]:
        """Open uploads of all browsers."""
        uploads: Desk[Upload] = self.request.app.state.uploads
        return uploads

    def upload(self, token: str) -> Upload:
        """The upload of this browser; raises NotFoundError when it expired."""
        try:
            return self.uploads.get(self.session, token)
        except NotFoundError:
            raise NotFoundError(
                "この取込は、もうこの画面に残っていません。",
                hint="しばらく使わないと、送ったファイルは消えます。書き込んだものは資源の一覧にあります。もう一度ファイルを選んでください。",
                code="upload_expired",
            ) from None

    @property
    def waiting(self) -> Waiting:
        """What waits for a person's answer."""
        waiting: Waiting = self.request.app.state.waiting
        return waiting

    @property
    def who(self) -> str:
        """The name this browser gave last, for the next answer."""
        names: Desk[str] = self.request.app.state.names
        try:
            return names.get(self.session, self.session)
        except NotFoundError:
            return ""

    def call(self, name: str) -> str:
        """Remember the name of who answers; gives it. Raises InputError for an empty one."""
        said = " ".join(name.split())[:_LONGEST_NAME]
        if not said:
            raise InputError(
                "だれが決めたかが空です。",
                hint="お名前か職名（例：中央区 佐藤）を入れて、もう一度押してください。",
                code="no_name_given",
            )
        names: Desk[str] = self.request.app.state.names
        names.put(self.session, said, self.session)
        return said

    @property
    def reports(self) -> Desk[GapReport]:
        """Gap reports made a moment ago."""
        reports: Desk[GapReport] = self.request.app.state.reports
        return reports

    @property
    def settings(self) -> Settings:
        """What the operator set."""
        settings: Settings = self.request.app.state.settings
        return settings

    @property
    def session(self) -> str:
        """The browser session."""
        session: str = self.request.state.session
        return session

    @property
    def number(self) -> str:
        """The number of the request."""
        number: str = self.request.state.request_id
        return number

    def case(self, token: str) -> OpenCase:
        """The open case of this browser; raises NotFoundError when it expired."""
        return self.cases.get(self.session, token)

    def keep(self, token: str, opened: OpenCase) -> None:
        """Put a changed case back."""
        self.cases.put(self.session, opened, token)


async def _form(request: Request) -> AsyncIterator[FormData]:
    """The form of a page, refused unless it carries this session's token."""
    form = await request.form(max_fields=5000, max_part_size=2_000_000)
    try:
        check_csrf(request, form.get("csrf"))
        yield form
    finally:
        await form.close()


async def _here(request: Request) -> Here:
    # 待つことは何もないが、ふつうの関数だと一度ごとに別の糸に渡される（0.2ミリ秒ほど）。
    return Here(request)


HereDep = Annotated[Here, Depends(_here)]
FormDep = Annotated[FormData, Depends(_form)]
