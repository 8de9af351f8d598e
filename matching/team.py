"""A small team of agencies that together cover every need, with roles and one proposed lead.

Weighted set cover (Karp 1972), solved exactly over sets of needs while the household is of
ordinary size, by the greedy rule of Chvátal (1979) beyond that. Agencies already involved cost
less, so that a new one is proposed only where it adds something.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from graph.vocabulary.concept import Concept, Family
from graph.vocabulary.protocol import Vocabulary
from matching.profile import Household
from matching.result import TeamMember

#: An agency covers a need from this fit of its category on.
COVERS_FROM = 0.5
INVOLVED_COST = 0.35
NEW_COST = 1.0
#: How much a poor fit, or doubt about its area, adds to the cost of an agency.
FIT_COST = 0.3
DOUBT_COST = 0.2
FAR_COST_PER_KM = 0.005
#: Up to this many needs the cover is exact (2^12 sets at most).
EXACT_UP_TO = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyFact:
    """An agency that may join: a resource whose category has the trait ``agency``.

    ``covers_area``: whether it serves the household's area (``None`` = not known). ``named`` gives
    the name of an id; it is asked when the name is needed.
    """

    id: str
    category: str
    named: Callable[[str], str] = field(repr=False, compare=False)
    covers_area: bool | None = None
    distance_m: float | None = None
    involved: bool = False

    @property
    def name(self) -> str:
        """What it is called."""
        return self.named(self.id)


def is_meant_for(category: Concept, low: float | None, high: float | None) -> bool:
    """Whether a kind of agency usually takes somebody of this age; an unknown age never rules out."""
    if low is None or high is None:
        return True
    youngest = float(category.facts.get("min_age", "0"))
    oldest = float(category.facts.get("max_age", "200"))
    return high >= youngest and low <= oldest


@dataclass(frozen=True, slots=True)
class Option:
    """An agency as the cover sees it: which needs (bits) at what cost."""

    key: str
    bits: int
    cost: float


def propose_team(
    household: Household, agencies: Sequence[AgencyFact], vocabulary: Vocabulary
) -> tuple[TeamMember, ...]:
    """Propose the team. Needs no agency covers are left out (they show up as unmet)."""
    asks = [(p.id, need.key) for p in household.persons for need in p.needs]
    chosen = _one_per_category(agencies)
    fit_of = {need: vocabulary.answering(need) for need in {need for _, need in asks}}
    fits = {a.id: _fits(a, household, vocabulary, fit_of) for a in chosen}
    options = [_option(a, fits[a.id], asks) for a in chosen if fits[a.id]]
    covering = set(cover(options, len(asks)))
    team = [a for a in chosen if a.id in covering]
    lead = _lead(team, fits, vocabulary)
    return tuple(
        TeamMember(
            agency_id=agency.id,
            name=agency.name,
            role=_role(
                vocabulary.get(Family.CATEGORY, agency.category), fits[agency.id], vocabulary
            ),
            covers=tuple(f"{member}:{need}" for member, need in fits[agency.id]),
            lead=agency.id == lead,
            involved=agency.involved,
        )
        for agency in sorted(
            team, key=lambda a: (a.id != lead, not a.involved, -len(fits[a.id]), a.id)
        )
    )


def cover(options: Sequence[Option], size: int) -> tuple[str, ...]:
    """Keys of the cheapest options that together hold every bit any option holds.

    Exact up to :data:`EXACT_UP_TO` bits; ties go to fewer options, then to the smaller keys.
    """
    useful = _undominated(options)
    goal = 0
    for option in useful:
        goal |= option.bits
    return _greedy(useful, goal) if size > EXACT_UP_TO else _exact(useful, goal)


def _exact(options: Sequence[Option], goal: int) -> tuple[str, ...]:
    best: dict[int, tuple[float, int, tuple[str, ...]]] = {0: (0.0, 0, ())}
    for option in options:
        for bits, (cost, count, keys) in list(best.items()):
            reached = bits | option.bits
            if reached == bits:
                continue
            dearer, known = round(cost + option.cost, 9), best.get(reached)
            if known is not None and (dearer, count + 1) > known[:2]:
                continue
            offer = (dearer, count + 1, tuple(sorted((*keys, option.key))))
            if known is None or offer < known:
                best[reached] = offer
    return best[goal][2]


def _greedy(options: Sequence[Option], goal: int) -> tuple[str, ...]:
    chosen: list[str] = []
    held = 0
    while held != goal:
        option = min(
            (o for o in options if o.bits & ~held),
            key=lambda o: (o.cost / (o.bits & ~held).bit_count(), o.key),
        )
        chosen.append(option.key)
        held |= option.bits
    return tuple(sorted(chosen))


def _undominated(options: Sequence[Option]) -> list[Option]:
    kept: list[Option] = []
    for option in sorted(options, key=lambda o: (o.cost, -o.bits.bit_count(), o.key)):
        if option.bits and not any(option.bits | k.bits == k.bits for k in kept):
            kept.append(option)
    return kept


def _one_per_category(agencies: Sequence[AgencyFact]) -> list[AgencyFact]:
    """Of several of one kind the involved one, then the one in charge of the area, then nearest."""
    best: dict[str, AgencyFact] = {}
    for agency in agencies:
        if agency.covers_area is False and not agency.involved:
            continue
        known = best.get(agency.category)
        if known is None or _preference(agency) < _preference(known):
            best[agency.category] = agency
    return sorted(best.values(), key=lambda a: a.id)


def _preference(agency: AgencyFact) -> tuple[bool, bool, float, str]:
    far = agency.distance_m if agency.distance_m is not None else float("inf")
    return (not agency.involved, agency.covers_area is not True, far, agency.id)


def _fits(
    agency: AgencyFact,
    household: Household,
    vocabulary: Vocabulary,
    fit_of: Mapping[str, Mapping[str, float]],
) -> Mapping[tuple[str, str], float]:
    """The needs of the house it answers, of those persons whom it usually takes."""
    kind = agency.category
    category = vocabulary.get(Family.CATEGORY, kind)
    return {
        (person.id, need.key): fit
        for person in household.persons
        if is_meant_for(category, person.age_low, person.age_high)
        for need in person.needs
        if (fit := fit_of[need.key].get(kind, 0.0)) >= COVERS_FROM
    }


def _option(
    agency: AgencyFact, fits: Mapping[tuple[str, str], float], asks: Sequence[tuple[str, str]]
) -> Option:
    bits = sum(1 << i for i, ask in enumerate(asks) if ask in fits)
    mean = sum(fits.values()) / len(fits)
    cost = INVOLVED_COST if agency.involved else NEW_COST
    cost += FIT_COST * (1 - mean)
    cost += DOUBT_COST if agency.covers_area is None else 0.0
    cost += FAR_COST_PER_KM * min((agency.distance_m or 0.0) / 1000, 40)
    return Option(agency.id, bits, cost)


def _lead(
    team: Sequence[AgencyFact],
    fits: Mapping[str, Mapping[tuple[str, str], float]],
    vocabulary: Vocabulary,
) -> str | None:
    """One that may lead, already involved if possible, and covers most."""
    if not team:
        return None

    def order(agency: AgencyFact) -> tuple[bool, bool, int, str]:
        may = "lead" in vocabulary.get(Family.CATEGORY, agency.category).traits
        return (not may, not agency.involved, -len(fits[agency.id]), agency.id)

    return min(team, key=order).id


def _role(category: Concept, fits: Mapping[tuple[str, str], float], vocabulary: Vocabulary) -> str:
    if "role_in_team" in category.facts:
        return category.facts["role_in_team"]
    labels = dict.fromkeys(vocabulary.get(Family.NEED, need).label for _, need in fits)
    return "・".join(list(labels)[:3]) + "の支援"
