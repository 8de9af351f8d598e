"""Agencies around a household: those involved now, and those that could join."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from graph.model.element import NodeKind
from graph.model.quick import quick
from graph.store import View
from graph.text import normalise
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary
from matching.ask import Ask
from matching.criteria.area import CRITERION as AREA
from matching.criteria.status import CRITERION as STATUS
from matching.distance import metres_of_chords
from matching.index.candidates import Int32s, around_of, spans_around, with_named
from matching.index.choose import by_category, picked_places
from matching.index.live import Part
from matching.index.near import category_codes
from matching.index.plan import plan_of
from matching.index.rows import Bools, Floats
from matching.index.scan import Scanned, of_categories, rows_of
from matching.index.segment import Segment
from matching.introduction import Desk
from matching.profile import Household
from matching.result import Hop
from matching.team import AgencyFact, is_meant_for
from matching.unbound import nearest_unbound

_fact = quick(AgencyFact)
#: Of each kind of agency so many are looked at by name.
_OF_A_KIND = 2
#: Kind, whether its area is not sure, metres, id.
_Place = tuple[str, float, float, str]
_FAR = 1e9
_DESK_ANSWERS_FROM = 0.4


def agency_facts(parts: Sequence[Part], ask: Ask, view: View) -> tuple[AgencyFact, ...]:
    """Agencies that serve the area or may do so: of each kind the nearest few."""
    # 語彙は変わらない一つの物なので、その物ごとに覚えてよい。
    kinds = _kinds(ask.vocabulary)  # type: ignore[arg-type]
    places = [place for part in parts for place in _places(part, kinds, ask)]
    chosen = _few_of_each(sorted(places))
    there = view.present(NodeKind.RESOURCE, {key for *_, key in chosen})
    names = _Names(view)
    if ask.household.already:
        # 関わっている先が名で書かれていれば、どれのことかを見る。
        names.read(there)
    facts = [
        _fact(
            id=key,
            named=names,
            category=kind,
            covers_area=None if unsure else True,
            distance_m=None if far == _FAR else far,
        )
        for kind, unsure, far, key in chosen
        if key in there
    ]
    return _involved(facts, ask.household)


@lru_cache(maxsize=8)
def _kinds(vocabulary: Vocabulary) -> frozenset[str]:
    return frozenset(c.key for c in vocabulary.concepts(Family.CATEGORY) if "agency" in c.traits)


class _Names:
    """Names by id. Of a hundred agencies around a home a handful are ever called by name."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._known: dict[str, str] = {}

    def __call__(self, key: str) -> str:
        if key not in self._known:
            self.read((key,))
        return self._known.get(key, "")

    def read(self, keys: Collection[str]) -> None:
        """Read the names of some at once."""
        for node in self._view.get_many(NodeKind.RESOURCE, keys):
            self._known[node.id] = str(node.props.get("name", ""))


def _places(part: Part, kinds: frozenset[str], ask: Ask) -> Iterator[_Place]:
    """The best few of each kind in one segment, and some more."""
    segment, gone = part
    beside = nearest_unbound(plan_of(segment, ask), gone, kinds, _OF_A_KIND)
    yield from _told(segment, beside.rows, beside.unsure, _metres(ask, beside.far))
    codes = category_codes(segment, kinds)
    groups = with_named(segment, codes)
    spans = spans_around(segment, groups, around_of(ask), unbound=False)
    found = rows_of(part, ask, spans, (of_categories(segment, codes),))
    rows, unsure, metres = _open_here(segment, found, ask)
    best = _best_of_each(segment, rows, unsure, metres)
    yield from _told(segment, rows[best], unsure[best], metres[best])


def _told(segment: Segment, rows: Int32s, unsure: Bools, metres: Floats) -> Iterator[_Place]:
    kinds: list[Any] = segment.categories_of(rows)
    return zip(
        kinds, unsure.astype(float).tolist(), metres.tolist(), segment.ids_of(rows), strict=True
    )


def _metres(ask: Ask, far: Floats) -> Floats:
    """Metres, and a distance beyond all others where the place or the home is not known."""
    metres = metres_of_chords(far) if ask.point is not None else np.full(len(far), np.nan)
    return np.where(np.isnan(metres), _FAR, metres)


def _open_here(segment: Segment, found: Scanned, ask: Ask) -> tuple[Int32s, Bools, Floats]:
    """Rows that are open and may serve the area; whether that is not sure; metres."""
    plan = plan_of(segment, ask)
    area = plan.each(AREA, found.rows, found.far)
    kept = np.flatnonzero((area != 0) & (plan.each(STATUS, found.rows, found.far) != 0))
    return found.rows[kept], np.isnan(area[kept]), _metres(ask, found.far[kept])


def _best_of_each(segment: Segment, rows: Int32s, unsure: Bools, metres: Floats) -> list[int]:
    """Places of the first few of each kind: the sure before the others, the nearest, by id."""
    # 区域の確かさを先に、次に近さで比べる。
    near = -(metres + np.where(unsure, 2 * _FAR, 0.0))
    grouping = by_category(segment, _OF_A_KIND, filled=False)
    every = grouping.number * _OF_A_KIND
    most = np.array([near.max(initial=-np.inf)])
    places, _ = picked_places(segment, rows, ((None, near),), most, 0.0, grouping, every)
    found: list[int] = places.tolist()
    return found


def _few_of_each(
    places: Sequence[_Place],
) -> list[_Place]:
    taken: dict[str, int] = {}
    chosen: list[_Place] = []
    for place in places:
        if taken.get(place[0], 0) < _OF_A_KIND:
            taken[place[0]] = taken.get(place[0], 0) + 1
            chosen.append(place)
    return chosen


def _involved(facts: Sequence[AgencyFact], household: Household) -> tuple[AgencyFact, ...]:
    """Mark those involved now: by id or name, else the first of a kind named among ``already``."""
    words = {normalise(word) for word in household.already}
    named = {
        f.id for f in facts if words and (f.id in household.already or normalise(f.name) in words)
    }
    kinds_named = {f.category for f in facts if f.id in named}
    for kind in sorted(household.already_categories - kinds_named):
        first = next((f.id for f in facts if f.category == kind), None)
        if first:
            named.add(first)
    return tuple(replace(f, involved=True) if f.id in named else f for f in facts)


def partners_of(household: Household, agencies: Sequence[AgencyFact]) -> tuple[Hop, ...]:
    """Those involved now: as found in the store, else as the case words it."""
    involved = [agency for agency in agencies if agency.involved]
    hops = [Hop(id=agency.id, kind="agency", name=agency.name) for agency in involved]
    told = {normalise(agency.name) for agency in involved} | {agency.id for agency in involved}
    rest = len(household.already_categories & {agency.category for agency in involved})
    for word in household.already:
        if normalise(word) in told or word in told:
            continue
        if rest > 0:
            rest -= 1
            continue
        hops.append(Hop(id=word, kind="agency", name=word))
    return tuple(hops)


def desk_of(
    household: Household, agencies: Sequence[AgencyFact], vocabulary: Vocabulary
) -> Desk | None:
    """Where the way begins: an agency already involved, else a desk of the area that may lead."""
    involved = [agency for agency in agencies if agency.involved]
    if involved:
        return Desk(involved[0].id, involved[0].name)
    if household.already:
        return Desk(household.already[0], household.already[0])
    leads = [
        agency
        for agency in agencies
        if agency.covers_area and "lead" in vocabulary.get(Family.CATEGORY, agency.category).traits
    ]
    asks = {need.key for person in household.persons for need in person.needs}
    answering = [vocabulary.answering(need) for need in asks]
    best = min(leads, key=lambda a: _as_desk(a, household, vocabulary, answering), default=None)
    return Desk(best.id, best.name) if best else None


def _as_desk(
    agency: AgencyFact,
    household: Household,
    vocabulary: Vocabulary,
    answering: Sequence[Mapping[str, float]],
) -> tuple[bool, int, float, str]:
    """One meant for nobody here comes last; then who answers most of the house, then the nearest."""
    fits = [fit_of.get(agency.category, 0.0) for fit_of in answering]
    category = vocabulary.get(Family.CATEGORY, agency.category)
    return (
        not any(is_meant_for(category, p.age_low, p.age_high) for p in household.persons),
        -sum(fit >= _DESK_ANSWERS_FROM for fit in fits),
        agency.distance_m or _FAR,
        agency.id,
    )
