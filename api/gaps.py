"""The missing-resource report: over cases matched on the spot, or over what was recorded."""

import os
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from api.consult import open_case
from api.office import Office
from graph.errors import InputError
from graph.model.codec import from_node
from graph.model.element import NodeKind
from graph.model.unmet import UnmetRecord
from matching.case import Case, parse_case

if TYPE_CHECKING:
    from matching.gaps.helpers import Helpers
    from matching.gaps.report import GapContext, GapReport

DEFAULT_BY = "need,area,reason"
DEFAULT_THRESHOLD = 5
#: More processes than this one and so many others hold too much memory for an office computer.
_HELPERS_AT_MOST = 3


def read_cases(data: object) -> list[Case]:
    """Cases of a JSON list (or one case). Raises InputError that names the case by its place."""
    items = data if isinstance(data, list) else [data]
    if not items:
        raise InputError(
            "相談が一件もありません。", hint="一行に一件の相談を書いたファイルを指定してください。"
        )
    cases = []
    for number, item in enumerate(items, start=1):
        try:
            cases.append(parse_case(item))
        except InputError as error:
            raise InputError(
                f"{number}件目の{error.message}", hint=error.hint, code=error.code
            ) from None
    return cases


def report_of_cases(
    office: Office,
    cases: Sequence[Case],
    *,
    by: str = DEFAULT_BY,
    on: date | None = None,
    threshold: int = DEFAULT_THRESHOLD,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> "GapReport":
    """Match every case and report what is missing."""
    from matching.gaps.report import gap_report, parse_axes  # noqa: PLC0415 - heavy
    from matching.gaps.run import needs_of_cases  # noqa: PLC0415

    axes = parse_axes(by)
    day = on or office.today
    ready = [open_case(office, case).case for case in cases]
    with office.lock:
        needs = needs_of_cases(
            office.matcher, ready, on=day, progress=progress, helpers=_helpers(office)
        )
    return gap_report(needs, _context(office), on=day, by=axes, threshold=threshold)


def unmet_of_cases(
    office: Office, cases: Sequence[Case], *, on: date | None = None
) -> tuple[UnmetRecord, ...]:
    """The unmet needs of cases matched on the spot, without identity, to be drawn and not kept."""
    from matching.gaps.run import needs_of_cases  # noqa: PLC0415 - heavy
    from matching.gaps.unmet import records  # noqa: PLC0415

    ready = [open_case(office, case).case for case in cases]
    with office.lock:
        needs = needs_of_cases(
            office.matcher, ready, on=on or office.today, helpers=_helpers(office)
        )
    return records(needs.asked)


def report_of_records(
    office: Office,
    *,
    by: str = DEFAULT_BY,
    on: date | None = None,
    threshold: int = DEFAULT_THRESHOLD,
) -> "GapReport":
    """Report the unmet needs people recorded. Raises InputError when there are none."""
    from matching.gaps.report import gap_report, parse_axes  # noqa: PLC0415 - heavy
    from matching.gaps.unmet import Base, Needs, asked_of_records  # noqa: PLC0415

    axes = parse_axes(by)
    with office.view() as view:
        records = [from_node(n, UnmetRecord) for n in view.nodes(NodeKind.UNMET)]
    if not records:
        raise InputError(
            "不足の記録がまだありません。",
            hint="相談の画面で「不足として記録する」を押すか、--cases で相談のファイルを指定してください。",
            code="no_unmet",
        )
    context = _context(office)
    base = Base(
        cases=len(records),
        data_version=str(office.store.head()),
        rules_version=office.vocabulary.version,
    )
    needs = Needs(asked=tuple(asked_of_records(records, office.vocabulary)), base=base)
    return gap_report(needs, context, on=on or office.today, by=axes, threshold=threshold)


def helpers_here() -> int:
    """How many further processes this machine has processors for."""
    return min(_HELPERS_AT_MOST, (os.cpu_count() or 1) - 1)


def _helpers(office: Office) -> "Helpers | None":
    """What further processes need to open this office; none can where nothing is kept on disk."""
    from matching.gaps.helpers import Helpers  # noqa: PLC0415 - heavy

    if office.cache_folder is None:
        return None
    return Helpers(
        count=helpers_here(),
        url=office.settings.store,
        cache=office.cache_folder,
        settings=office.store_settings,
        vocabulary=office.settings.vocabulary,
    )


def _context(office: Office) -> "GapContext":
    from matching.gaps.report import GapContext  # noqa: PLC0415 - heavy
    from matching.owners import Owners  # noqa: PLC0415

    with office.view() as view:
        owners = Owners.load(view, office.vocabulary)
    return GapContext(vocabulary=office.vocabulary, areas=office.areas, owners=owners)
