"""The list of resources that screens search: light rows in memory, kept fresh by the change feed.

Rows hold what a list shows and filters by; a whole record is read from the store when opened.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from api.catalogue_rows import Row, RowReader
from api.office import Office
from graph.areas import AreaTree
from graph.errors import StoreError
from graph.model.element import EdgeKind, NodeKind
from graph.model.resource import Publication, Status
from graph.store import Change
from graph.text import normalise
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary

_FOLLOW_AT_MOST = 500
#: A change of these touches many rows: read all again.
_WIDE = frozenset({NodeKind.AREA, NodeKind.FACILITY, NodeKind.ORGANIZATION})
_Test: TypeAlias = Callable[[Row], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a list is narrowed to; the map of a page takes the same."""

    q: str = ""
    category: str | None = None
    need: str | None = None
    area: str | None = None
    reach: bool = False
    state: str | None = None
    public: bool = False


class Catalogue:
    """All resources of an office as rows, ordered by name."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._head: int | None = None
        self._rows: dict[str, Row] = {}
        self._sorted: list[Row] = []
        self._summary: tuple[date, int, date | None] | None = None

    def rows(self) -> Sequence[Row]:
        """Every row, brought up to what the store holds now."""
        with self._office.lock:
            self._refresh()
            return self._sorted

    def select(self, wanted: Filter) -> list[Row]:
        """The rows a filter leaves, in the order of a list (oldest check first when asked)."""
        tests = list(self._tests(wanted))
        found = [row for row in self.rows() if all(test(row) for test in tests)]
        if wanted.state == "stale":
            found.sort(key=lambda row: (row.assured or date.min, row.name))
        return found

    def stale(self) -> int:
        """How many open entries nobody has checked for longer than the office allows."""
        return self._counted()[1]

    def is_stale(self, row: Row) -> bool:
        """Whether a row was checked too long ago, or never."""
        limit = self._office.today - timedelta(days=self._office.settings.stale_days)
        return row.status is not Status.CLOSED and (row.assured is None or row.assured < limit)

    def newest_check(self) -> date | None:
        """The latest 最終確認日: the date of the data."""
        return self._counted()[2]

    def categories(self) -> list[tuple[str, str, int]]:
        """Categories that occur: key, label, count; by count."""
        counts: dict[str, int] = defaultdict(int)
        labels: dict[str, str] = {}
        for row in self.rows():
            if row.category:
                counts[row.category] += 1
                labels[row.category] = row.category_label
        return sorted(
            ((key, labels[key], count) for key, count in counts.items()),
            key=lambda item: (-item[2], item[1]),
        )

    def _counted(self) -> tuple[date, int, date | None]:
        """The day, stale entries and newest check; counted once for a day and a state."""
        rows, today = self.rows(), self._office.today
        if self._summary is None or self._summary[0] != today:
            stale = sum(1 for row in rows if self.is_stale(row))
            newest = max((row.assured for row in rows if row.assured), default=None)
            self._summary = (today, stale, newest)
        return self._summary

    def _tests(self, wanted: Filter) -> Iterator[_Test]:
        if wanted.public:
            yield lambda row: row.publication is not Publication.RESTRICTED
        if wanted.category:
            yield lambda row: row.category == wanted.category
        if wanted.need:
            answering = self._office.vocabulary.answering(wanted.need)
            need = wanted.need
            yield lambda row: need in row.needs or (row.category or "") in answering
        if wanted.area:
            yield _in_area(self._office.areas, wanted.area, reach=wanted.reach)
        if wanted.state == "stale":
            yield self.is_stale
        elif wanted.state == "confidential":
            yield lambda row: row.publication is Publication.CONFIDENTIAL_LOCATION
        elif wanted.state == "no_point":
            yield lambda row: row.point is None
        for term in wanted.q.split():
            yield self._term_test(term)

    def _term_test(self, term: str) -> _Test:
        plain = normalise(term)
        categories, needs = _meant(self._office.vocabulary, term)
        return lambda row: (
            plain in row.haystack or (row.category or "") in categories or bool(needs & row.needs)
        )

    def _refresh(self) -> None:
        store = self._office.store
        head = store.head()
        if head == self._head:
            return
        changed = self._changed_since(head)
        with self._office.view() as view:
            reader = RowReader(view, self._office.areas, self._office.vocabulary)
            if changed is None:
                self._rows = {row.id: row for row in reader.all()}
            else:
                for key in changed:
                    self._rows.pop(key, None)
                self._rows.update((row.id, row) for row in reader.some(changed))
        self._sorted = sorted(self._rows.values(), key=lambda row: (row.kana or row.name, row.id))
        self._head = head
        self._summary = None

    def _changed_since(self, head: int) -> set[str] | None:
        """Ids of resources to read again; ``None`` = all."""
        if self._head is None or head - self._head > _FOLLOW_AT_MOST or head < self._head:
            return None
        try:
            changes = self._office.store.changes(self._head, head - self._head)
        except StoreError:
            return None
        return _touched(changes)


def _touched(changes: Iterable[Change]) -> set[str] | None:
    ids: set[str] = set()
    for change in changes:
        if change.edge is None and change.source.kind in _WIDE:
            return None
        if change.edge in {EdgeKind.WITHIN, EdgeKind.PART_OF}:
            return None
        if change.source.kind is NodeKind.RESOURCE:
            ids.add(change.source.id)
    return ids


def _in_area(areas: AreaTree, area: str, *, reach: bool) -> _Test:
    inside = frozenset(areas.descendants(area))
    around = frozenset(areas.ancestors(area))

    def test(row: Row) -> bool:
        if row.home & inside or row.serves & inside:
            return True
        return reach and (row.anywhere or bool(row.serves & around))

    return test


def _meant(vocabulary: Vocabulary, term: str) -> tuple[frozenset[str], frozenset[str]]:
    """Categories and needs that an everyday word stands for."""
    found = vocabulary.resolve(term, (Family.CATEGORY, Family.NEED))
    if found is None:
        return frozenset(), frozenset()
    if found.concept.family is Family.CATEGORY:
        return frozenset({found.concept.key}), frozenset()
    need = found.concept.key
    return frozenset(vocabulary.answering(need)), frozenset({need})
