"""Synthetic Japan for the benchmark: resources clustered round cities, as records of the product.

Municipalities lie around the 46 largest cities; categories follow a long tail; 59 % of resources
serve their own municipality, 40 % have no limit or none that is known, 1 % need no way at all.
Everything goes through the product's own store.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from graph.backends.bulk import Refillable
from graph.model.codec import to_node
from graph.model.element import Edge, EdgeKind, Node, NodeKind, Ref
from graph.model.people import Contact, ContactKind, Organization
from graph.model.place import Area, AreaKind, Facility
from graph.model.resource import AreaScope, CostKind, Opening, Referral, Resource, Slot, Vacancy
from graph.model.values import Point
from graph.store import GraphStore
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary

DAY = date(2026, 11, 20)
SEED = 7
#: Latitude, longitude and weight (population, roughly, in 100 000) of cities.
CITIES: tuple[tuple[float, float, float], ...] = (
    (35.68, 139.76, 22), (35.45, 139.64, 7), (34.69, 135.50, 11), (35.18, 136.91, 7),
    (43.06, 141.35, 4), (33.59, 130.40, 5), (34.69, 135.19, 4), (35.01, 135.77, 4),
    (35.86, 139.65, 4), (35.61, 140.12, 4), (34.39, 132.46, 3), (38.27, 140.87, 3),
    (33.88, 130.88, 2), (34.98, 138.38, 2), (34.71, 137.73, 2), (36.56, 136.66, 1),
    (37.92, 139.04, 2), (32.80, 130.71, 2), (34.66, 133.93, 2), (31.60, 130.56, 2),
    (36.37, 140.47, 1), (36.57, 139.88, 1), (36.39, 139.06, 1), (33.84, 132.77, 1),
    (26.21, 127.68, 2), (32.75, 129.88, 1), (33.24, 131.61, 1), (34.34, 134.05, 1),
    (36.70, 137.21, 1), (36.65, 138.18, 1), (39.70, 141.15, 1), (40.82, 140.75, 1),
    (39.72, 140.10, 1), (31.91, 131.42, 1), (34.07, 134.56, 1), (33.56, 133.53, 1),
    (36.07, 136.22, 1), (35.39, 136.72, 1), (34.23, 135.17, 1), (38.25, 140.36, 1),
    (37.75, 140.47, 1), (43.77, 142.37, 1), (42.77, 141.05, 0.6), (35.50, 134.23, 0.5),
    (35.47, 133.05, 0.5), (42.92, 143.20, 0.5),
)  # fmt: skip
A_BATCH = 20_000
AT_ONE_PLACE = 4
PER_ORGANIZATION = 5
PER_CONTACT = 50
#: Nodes and edges for each resource, nearly.
RECORDS_A_RESOURCE = 4.4

T = TypeVar("T")

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(slots=True)
class Country:
    """What resources are drawn from."""

    lat: Floats
    lon: Floats
    weight: Floats
    categories: Sequence[str]
    category_weight: Floats
    situations: Sequence[str]
    settings: Sequence[str]
    activities: Sequence[str]
    needs: Sequence[str]
    timetables: Sequence[tuple[Slot, ...]]

    @property
    def municipalities(self) -> int:
        """How many."""
        return len(self.lat)


def country(resources: int, vocabulary: Vocabulary) -> Country:
    """A country for so many resources: 2,000 municipalities, fewer where there is little."""
    rng = np.random.default_rng(SEED)
    count = max(20, min(2000, resources // 100))
    weights = np.array([city[2] for city in CITIES])
    at = rng.choice(len(CITIES), count, p=weights / weights.sum())
    lat = np.array([CITIES[i][0] for i in at]) + rng.normal(0, 0.22, count)
    lon = np.array([CITIES[i][1] for i in at]) + rng.normal(0, 0.25, count)
    share = rng.permutation(1 / np.arange(1, count + 1) ** 0.6)
    categories = [c.key for c in vocabulary.concepts(Family.CATEGORY)]
    tail = rng.permutation(1 / np.arange(1, len(categories) + 1) ** 0.6)
    return Country(
        lat=lat,
        lon=lon,
        weight=share / share.sum(),
        categories=categories,
        category_weight=tail / tail.sum(),
        situations=[c.key for c in vocabulary.concepts(Family.SITUATION)],
        settings=[
            c.key
            for c in vocabulary.concepts(Family.SETTING)
            if not c.traits & {"women_only", "men_only"}
        ],
        activities=[c.key for c in vocabulary.concepts(Family.ACTIVITY)],
        needs=[c.key for c in vocabulary.concepts(Family.NEED)],
        timetables=[_timetable(rng) for _ in range(2000)],
    )


def _timetable(rng: np.random.Generator) -> tuple[Slot, ...]:
    start, end = int(rng.integers(16, 21)) * 30, int(rng.integers(32, 38)) * 30
    sort = rng.choice(3, p=[0.45, 0.25, 0.3])
    if sort == 0:
        return tuple(Slot(weekday=day, start=start, end=end) for day in range(5))
    if sort == 1:
        return tuple(Slot(weekday=day, start=start + 60, end=end + 60) for day in range(6))
    days = sorted(rng.choice(7, int(rng.integers(1, 3)), replace=False).tolist())
    first = int(rng.integers(18, 30)) * 30
    return tuple(Slot(weekday=day, start=first, end=first + 150) for day in days)


def fill(
    store: GraphStore,
    resources: int,
    vocabulary: Vocabulary,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> None:
    """Fill an empty store with a country, the way a restored backup fills one.

    Every batch is drawn from a seed of its own, so that nodes and edges can be made in two
    passes and nothing has to be held. ``progress`` gets records done and records in all.
    """
    if not isinstance(store, Refillable):
        raise TypeError(store.url)
    land = country(resources, vocabulary)
    count = itertools.count(1)

    def told(items: Iterator[T]) -> Iterator[T]:
        for item in items:
            number = next(count)
            if number % A_BATCH == 0:
                progress(number, round(RECORDS_A_RESOURCE * resources))
            yield item

    firsts = range(0, resources, A_BATCH)
    batches = [_Batch(land, first, min(A_BATCH, resources - first), resources) for first in firsts]
    nodes, edges = _ground(land, resources)
    store.refill(
        told(itertools.chain(nodes, *(batch.nodes() for batch in batches))),
        told(itertools.chain(edges, *(batch.edges() for batch in batches))),
        actor="bench",
    )
    # 索引の控えは変更の記録に結びつく。丸ごとの入れ替えは記録を残さないので、一件を書き足す。
    with store.write(actor="bench") as writer:
        writer.put([to_node(Organization(id="o-bench", name="計測の終わりの印"))])


def _ground(land: Country, resources: int) -> tuple[Iterator[Node], Iterator[Edge]]:
    rng = np.random.default_rng(SEED + 2)
    contacts = max(1, resources // PER_CONTACT)
    covers = rng.choice(land.municipalities, contacts, p=land.weight)
    belongs = rng.integers(0, max(1, resources // PER_ORGANIZATION), contacts)
    kinds = list(ContactKind)

    def nodes() -> Iterator[Node]:
        for i in range(land.municipalities):
            point = Point(float(land.lat[i]), float(land.lon[i]))
            yield to_node(Area(id=area_id(i), name=f"市{i}", kind=AreaKind.CITY, point=point))
        for i in range(max(1, resources // PER_ORGANIZATION)):
            yield to_node(Organization(id=f"o{i:07d}", name=f"法人{i}"))
        for i in range(contacts):
            yield to_node(Contact(id=f"c{i:07d}", name=f"連絡先{i}", kind=kinds[i % len(kinds)]))

    def edges() -> Iterator[Edge]:
        for i in range(contacts):
            contact = Ref(NodeKind.CONTACT, f"c{i:07d}")
            area = Ref(NodeKind.AREA, area_id(int(covers[i])))
            organization = Ref(NodeKind.ORGANIZATION, f"o{int(belongs[i]):07d}")
            yield Edge(kind=EdgeKind.COVERS, source=contact, target=area)
            yield Edge(kind=EdgeKind.BELONGS_TO, source=contact, target=organization)

    return nodes(), edges()


def area_id(number: int) -> str:
    """Id of a municipality."""
    return f"a{number:05d}"


class _Batch:
    """Some resources, drawn when asked for, the same each time."""

    def __init__(self, land: Country, first: int, count: int, resources: int) -> None:
        self._land = land
        self._first = first
        self._count = count
        self._resources = resources

    def _draw(self) -> "_Drawn":
        land, count = self._land, self._count
        rng = np.random.default_rng([SEED + 1, self._first])
        at = np.sort(rng.choice(land.municipalities, count, p=land.weight))
        return _Drawn(
            at=at,
            scope=rng.choice(4, count, p=[0.59, 0.25, 0.15, 0.01]),
            category=rng.choice(len(land.categories), count, p=land.category_weight),
            owner=rng.integers(0, max(1, self._resources // PER_ORGANIZATION), count),
            contact=rng.integers(0, max(1, self._resources // PER_CONTACT), count),
            introduced=rng.random(count) < 0.3,  # noqa: PLR2004 - a share
            lat=land.lat[at] + rng.normal(0, 0.03, count),
            lon=land.lon[at] + rng.normal(0, 0.035, count),
            rng=rng,
        )

    def nodes(self) -> Iterator[Node]:
        """Facilities and resources."""
        drawn, first = self._draw(), self._first
        for i in range(self._count):
            if i % AT_ONE_PLACE == 0:
                point = Point(round(float(drawn.lat[i]), 6), round(float(drawn.lon[i]), 6))
                yield to_node(Facility(id=f"f{first + i:07d}", point=point))
            category, scope = int(drawn.category[i]), int(drawn.scope[i])
            yield to_node(_resource(drawn.rng, self._land, first + i, category, scope))

    def edges(self) -> Iterator[Edge]:
        """Where they are, whose they are, whom they serve, who introduces."""
        drawn, first = self._draw(), self._first
        for i in range(self._count):
            source = Ref(NodeKind.RESOURCE, f"r{first + i:07d}")
            place = Ref(NodeKind.FACILITY, f"f{first + i - i % AT_ONE_PLACE:07d}")
            yield Edge(kind=EdgeKind.LOCATED_AT, source=source, target=place)
            organization = Ref(NodeKind.ORGANIZATION, f"o{int(drawn.owner[i]):07d}")
            yield Edge(kind=EdgeKind.OFFERED_BY, source=source, target=organization)
            if drawn.scope[i] == 0:
                area = Ref(NodeKind.AREA, area_id(int(drawn.at[i - i % AT_ONE_PLACE])))
                yield Edge(kind=EdgeKind.SERVES, source=source, target=area)
            if drawn.introduced[i]:
                who = Ref(NodeKind.CONTACT, f"c{int(drawn.contact[i]):07d}")
                yield Edge(kind=EdgeKind.CONTACTED_THROUGH, source=source, target=who)


@dataclass(frozen=True, slots=True)
class _Drawn:
    at: Ints
    scope: Ints
    category: Ints
    owner: Ints
    contact: Ints
    introduced: npt.NDArray[np.bool_]
    lat: Floats
    lon: Floats
    rng: np.random.Generator


_AGES: tuple[tuple[float | None, float | None], ...] = (
    (None, None), (65.0, None), (0.0, 18.0), (18.0, 65.0),
)  # fmt: skip
_COSTS: tuple[tuple[CostKind | None, int | None], ...] = (
    (CostKind.FREE, None), (CostKind.PER_VISIT, 300), (CostKind.PER_VISIT, 1500),
    (CostKind.PER_MONTH, 8000), (None, None),
)  # fmt: skip
_SCOPES = (AreaScope.LISTED, AreaScope.ANYWHERE, None, AreaScope.ANYWHERE)
_VACANCIES = (Vacancy.AVAILABLE, Vacancy.NONE, Vacancy.WAITLIST, Vacancy.ASK, None)
_REMOTE = 3


def _resource(
    rng: np.random.Generator, land: Country, number: int, category: int, scope: int
) -> Resource:
    draw = rng.random(12)
    low, high = _AGES[int(draw[0] * 4)] if draw[1] < 0.7 else (None, None)  # noqa: PLR2004
    kind, yen = _COSTS[int(draw[2] * len(_COSTS))]
    days = int(min(2000.0, -np.log(1 - draw[3]) * 400))
    assured = DAY - timedelta(days=days)
    return Resource(
        id=f"r{number:07d}",
        name=f"資源{number}",
        category=land.categories[category],
        needs=_some(draw[4], land.needs, 0.1),
        activities=_some(draw[5], land.activities, 0.3),
        settings=_some(draw[6], land.settings, 0.4),
        eligible=_some(draw[7], land.situations, 0.4),
        eligible_only=bool(draw[7] < 0.1),  # noqa: PLR2004 - a share
        ineligible=_some(draw[8], land.situations, 0.05),
        minimum_age=low,
        maximum_age=high,
        area_scope=_SCOPES[scope],
        schedule=land.timetables[int(draw[9] * len(land.timetables))] if draw[9] < 0.8 else None,  # noqa: PLR2004
        opening=Opening.REGULAR if draw[9] < 0.8 else Opening.BY_APPOINTMENT,  # noqa: PLR2004
        cost_kind=kind,
        cost_yen=yen,
        vacancy=_VACANCIES[int(draw[10] * len(_VACANCIES))],
        vacancy_as_of=assured,
        referral=Referral.SELF if draw[11] < 0.6 else Referral.REQUIRED,  # noqa: PLR2004
        online=True if scope == _REMOTE else None,
        assured_date=assured if draw[3] < 0.9 else None,  # noqa: PLR2004 - a share
    )


def _some(draw: float, keys: Sequence[str], share: float) -> tuple[str, ...] | None:
    """One or two keys for a share of resources, else nothing known."""
    if draw >= share or not keys:
        return None
    place = int(draw / share * len(keys) * 2)
    first = keys[place % len(keys)]
    if place < len(keys):
        return (first,)
    return tuple(sorted({first, keys[(place * 7 + 3) % len(keys)]}))
