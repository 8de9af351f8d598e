"""A case on the desk: read, matched, edited. Pages, API and commands share these steps."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from api.office import Office
from graph.errors import InputError
from matching.case import Case
from matching.intake import Intake, read_memo
from matching.result import MatchResult

if TYPE_CHECKING:
    from matching.engine import Why

_TOP = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """A case a person is working on, what its memo said, and the memo's emergencies.

    ``notice`` is said once, above the case (masked names, things not understood).
    """

    case: Case
    intake: Intake | None = None
    recorded: frozenset[tuple[str, str]] = frozenset()

    @property
    def confirmed(self) -> Case:
        """The case as a person left it: what they took away, the memo does not bring back."""
        return replace(self.case, memo=None)


def read_intake(office: Office, text: str) -> Intake:
    """Read a memo. Raises InputError when it is empty."""
    if not text.strip():
        raise InputError(
            "相談メモが空です。", hint="相談の内容を一、二行でも書いてください。", code="empty_memo"
        )
    return read_memo(text, office.vocabulary, office.areas)


def open_case(office: Office, case: Case) -> OpenCase:
    """Put a case on the desk: with only a memo, members and needs come from it."""
    if case.members or case.memo is None:
        return OpenCase(case=case)
    intake = read_intake(office, case.memo)
    return OpenCase(case=intake.to_case(case), intake=intake)


def match_case(
    office: Office,
    case: Case,
    *,
    top: int = _TOP,
    on: date | None = None,
    weights: str | None = None,
    full: bool = False,
) -> MatchResult:
    """Match a case as it stands on ``on``, else on its own date, else today.

    ``full``: every list whole, also in a house of many needs.
    """
    ready = open_case(office, case).case
    with office.lock:
        return office.matcher.match(
            ready, top=top, on=on or case.on or office.today, weights=weights, full=full
        )


def explain(office: Office, resource: str, case: Case, *, on: date | None = None) -> "Why":
    """Every criterion and gate of one resource (id or name) for a case."""
    ready = open_case(office, case).case
    with office.lock:
        return office.matcher.why(resource, ready, on=on or case.on or office.today)
