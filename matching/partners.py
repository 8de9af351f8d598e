"""Agencies around a household: those involved now, and those that could join."""

from collections.abc import Collection, Iterator, Sequence

import numpy as np

from graph.model.element import NodeKind
from graph.store import View
from graph.text import normalise
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary
from matching.ask import Ask
from matching.criteria.area import CRITERION as AREA
from matching.criteria.status import CRITERION as STATUS
from matching.distance import metres_of
from matching.index.candidates import rows_of_categories
from matching.index.live import Part
from matching.index.near import category_codes
from matching.index.pool import ALL, Pool
from matching.index.rows import Bools, Floats, Ints, Rows
from matching.introduction import Desk
from matching.profile import Household
from matching.result import Hop
from matching.team import AgencyFact, is_meant_for

#: Of each kind of agency so many are looked at by name.
_OF_A_KIND = 2
_CLOSE_M = 3000.0
#: Kind, whether its area is not sure, metres, id.
_Place = tuple[str, float, float, str]
_FAR = 1e9
_DESK_ANSWERS_FROM = 0.4


def agency_facts(parts: Sequence[Part], ask: Ask, view: View) -> tuple[AgencyFact, ...]:
    """Agencies that serve the area or may do so: of each kind the nearest few."""
    kinds = {c.key for c in ask.vocabulary.concepts(Family.CATEGORY) if "agency" in c.traits}
    places = [place for part in parts for place in _places(part, kinds, ask)]
    chosen = _few_of_each(sorted(places))
    nodes = view.get_many(NodeKind.RESOURCE, {key for *_, key in chosen})
    names = {node.id: str(node.props.get("name", "")) for node in nodes}
    facts = [
        AgencyFact(
            id=key,
            name=names[key],
            category=kind,
            covers_area=None if unsure else True,
            distance_m=None if far == _FAR else far,
        )
        for kind, unsure, far, key in chosen
        if key in names
    ]
    return _involved(facts, ask.household)


def _places(part: Part, kinds: Collection[str], ask: Ask) -> Iterator[_Place]:
    """The best few of each kind in one segment. What is found close by is not looked for afar."""
    segment, gone = part
    codes = category_codes(segment, kinds)
    label = segment.labels["category"]
    for radius in (_CLOSE_M, None) if ask.point is not None else (None,):
        index = rows_of_categories(segment, codes, ask, radius)
        if gone is not None:
            index = index[~gone[index]]
        rows, unsure, metres = _open_here(Pool(segment, index), ask)
        kind = label.codes[rows].astype(np.intp)
        best = _best_of_each(kind, unsure, metres)
        # 区域の合う二つが輪のなかにあれば、輪の外にもっと近いものはない。
        near = best[~unsure[best] & (metres[best] <= (radius or np.inf))]
        counts = np.bincount(kind[near], minlength=len(label.values))
        done = counts >= _OF_A_KIND
        for place in best.tolist():
            if radius is None or done[kind[place]]:
                name = str(label.values[int(kind[place])])
                key = segment.id_of(int(rows[place]))
                yield name, float(unsure[place]), float(metres[place]), key
        codes = codes[~done[codes]]


def _open_here(pool: Pool, ask: Ask) -> tuple[Ints, Bools, Floats]:
    """Rows that are open and may serve the area; whether that is not sure; metres."""
    area = pool.measured(AREA, ask).at(ALL)
    closed = pool.measured(STATUS, ask).at(ALL) == 0
    kept = np.flatnonzero((area != 0) & ~closed)
    index = pool.index[kept]
    metres = metres_of(Rows(pool.segment, index), ask)
    return index, np.isnan(area[kept]), np.where(np.isnan(metres), _FAR, metres)


def _best_of_each(kind: Ints, unsure: Bools, metres: Floats) -> Ints:
    """The first few of each kind: the sure ones before the others, then the nearest."""
    if not len(kind):
        return kind
    order = np.argsort(kind, kind="stable")
    starts = np.flatnonzero(np.diff(kind[order], prepend=-1))
    # 区域の確かさを先に、次に近さで比べる。
    far = metres[order] + np.where(unsure[order], 2 * _FAR, 0.0)
    found = []
    for _ in range(_OF_A_KIND):
        least = np.repeat(np.minimum.reduceat(far, starts), np.diff([*starts, len(far)]))
        hits = np.flatnonzero((far == least) & np.isfinite(far))
        first = hits[np.diff(kind[order][hits], prepend=-1) > 0]
        found.append(first)
        far[first] = np.inf
    return order[np.sort(np.concatenate(found))]


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
    named = {f.id for f in facts if f.id in household.already or normalise(f.name) in words}
    kinds_named = {f.category for f in facts if f.id in named}
    for kind in sorted(household.already_categories - kinds_named):
        first = next((f.id for f in facts if f.category == kind), None)
        if first:
            named.add(first)
    return tuple(
        AgencyFact(
            id=f.id,
            name=f.name,
            category=f.category,
            covers_area=f.covers_area,
            distance_m=f.distance_m,
            involved=f.id in named,
        )
        for f in facts
    )


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
    best = min(leads, key=lambda a: _as_desk(a, household, vocabulary), default=None)
    return Desk(best.id, best.name) if best else None


def _as_desk(
    agency: AgencyFact, household: Household, vocabulary: Vocabulary
) -> tuple[bool, int, float, str]:
    """One meant for nobody here comes last; then who answers most of the house, then the nearest."""
    ages = [(p.age_low, p.age_high) for p in household.persons]
    asks = {need.key for person in household.persons for need in person.needs}
    fits = [vocabulary.need_fit(agency.category, need) or 0.0 for need in asks]
    category = vocabulary.get(Family.CATEGORY, agency.category)
    return (
        not any(is_meant_for(category, low, high) for low, high in ages),
        -sum(fit >= _DESK_ANSWERS_FROM for fit in fits),
        agency.distance_m or _FAR,
        agency.id,
    )
