"""Examples a criterion carries, and the little world they are run in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from graph.errors import NotFoundError
from graph.vocabulary.concept import Concept, Family, Link, Resolution
from matching.card import ResourceCard
from matching.case import Case
from matching.profile import Household, NeedAsk, Person

EXAMPLE_DAY = date(2026, 11, 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A pair and what must come out: the score (``None`` = unknown) and words of the reason.

    ``concepts`` are added to the little vocabulary (see :data:`BASE`).
    """

    says: str
    card: ResourceCard
    score: float | None
    person: Person = field(default_factory=lambda: Person(id="m1", role="本人"))
    others: tuple[Person, ...] = ()
    need: str = "ibasho"
    household: Mapping[str, object] = field(default_factory=dict)
    concepts: tuple[Concept, ...] = ()
    on: date = EXAMPLE_DAY

    def vocabulary(self) -> "SmallVocabulary":
        """The base concepts and the example's own."""
        return SmallVocabulary((*BASE, *self.concepts))

    def house(self) -> Household:
        """The household with this person first."""
        return Household(
            case=Case(),
            persons=(self.person, *self.others),
            **self.household,  # type: ignore[arg-type]
        )

    def need_ask(self) -> NeedAsk:
        """The need as an ask."""
        concept = self.vocabulary().get(Family.NEED, self.need)
        return NeedAsk(key=concept.key, label=concept.label, text=concept.label, origin="needs")


class SmallVocabulary:
    """A vocabulary of a handful of concepts, enough for examples and tests."""

    def __init__(self, concepts: Sequence[Concept]) -> None:
        self._concepts = {(c.family, c.key): c for c in concepts}

    @property
    def version(self) -> str:
        """Never that of shipped data."""
        return "small"

    def concepts(self, family: Family) -> Sequence[Concept]:
        """All of a family, ordered by key."""
        return [c for (f, _), c in sorted(self._concepts.items()) if f is family]

    def get(self, family: Family, key: str) -> Concept:
        """The concept; raises NotFoundError."""
        try:
            return self._concepts[family, key]
        except KeyError:
            raise NotFoundError(
                f"見出し「{key}」がありません。", facts={"family": family}
            ) from None

    def ancestors(self, family: Family, key: str) -> Sequence[str]:
        """Keys from ``broader`` up."""
        chain: list[str] = []
        above = self.get(family, key).broader
        while above:
            chain.append(above)
            above = self.get(family, above).broader
        return chain

    def resolve(self, text: str, families: Collection[Family]) -> Resolution | None:
        """By exact key, label or synonym only."""
        for concept in self._concepts.values():
            if concept.family in families and text in (
                concept.key,
                concept.label,
                *concept.synonyms,
            ):
                return Resolution(concept=concept, text=text, score=1.0, how="label")
        return None

    def suggest(
        self, text: str, families: Collection[Family], limit: int = 8
    ) -> Sequence[Resolution]:
        """What :meth:`resolve` finds."""
        found = self.resolve(text, families)
        return [found][:limit] if found else []

    def need_fit(self, category: str, need: str) -> float | None:
        """By own links only."""
        if (Family.CATEGORY, category) not in self._concepts:
            return None
        links = self._concepts[Family.CATEGORY, category].answers
        return next((link.weight for link in links if link.key == need), None)

    def need_similarity(self, left: str, right: str) -> float:
        """1 for the same, a half for sisters."""
        if left == right:
            return 1.0
        sisters = self.get(Family.NEED, left).broader == self.get(Family.NEED, right).broader
        return 0.5 if sisters else 0.0

    def similar_needs(self, need: str) -> Mapping[str, float]:
        """Itself and its sisters."""
        found = {c.key: self.need_similarity(c.key, need) for c in self.concepts(Family.NEED)}
        return {key: near for key, near in found.items() if near}

    def answering(self, need: str) -> Mapping[str, float]:
        """Categories with a link to the need."""
        found = {c.key: self.need_fit(c.key, need) for c in self.concepts(Family.CATEGORY)}
        return {key: fit for key, fit in found.items() if fit}

    def steps(
        self, needs: Collection[str], situations: Collection[str]
    ) -> Sequence[tuple[Concept, Link]]:
        """Steps of needs and situations."""
        asking = [(Family.NEED, key) for key in sorted(needs)]
        asking += [(Family.SITUATION, key) for key in sorted(situations)]
        return [
            (self.get(Family.STEP, link.key), link)
            for ref in asking
            if ref in self._concepts
            for link in self._concepts[ref].requires_step
        ]


def concept(family: Family, key: str, label: str, **more: object) -> Concept:
    """A concept with its label as definition."""
    return Concept(family=family, key=key, label=label, definition=label, **more)  # type: ignore[arg-type]


def link(key: str, weight: float = 1.0) -> Link:
    """A link without a story."""
    return Link(key=key, weight=weight, why="例")


SALON = concept(
    Family.CATEGORY,
    "salon",
    "サロン",
    traits=frozenset({"group_place"}),
    answers=(link("ibasho", 0.9),),
    suits=(link("isolated", 0.8),),
    unsuits=(link("crowd", 0.9), link("hikikomori", 0.5)),
)
DESK = concept(
    Family.CATEGORY,
    "desk",
    "相談窓口",
    traits=frozenset({"agency"}),
    answers=(link("money", 1.0), link("ibasho", 0.3)),
)

#: The concepts examples may always name.
BASE: tuple[Concept, ...] = (
    concept(Family.NEED, "connection", "居場所・つながり"),
    concept(
        Family.NEED, "ibasho", "日中の居場所", broader="connection", traits=frozenset({"social"})
    ),
    concept(Family.NEED, "money", "お金"),
    concept(Family.NEED, "care", "介護・負担"),
    concept(Family.NEED, "care_load", "介護の負担", broader="care"),
    concept(Family.SITUATION, "hikikomori", "ひきこもり", traits=frozenset({"avoids_people"})),
    concept(Family.SITUATION, "isolated", "孤立"),
    concept(Family.SITUATION, "elderly", "高齢", facts={"min_age": "65"}),
    concept(Family.SITUATION, "disability", "障害"),
    concept(Family.BARRIER, "crowd", "人混みが苦手", traits=frozenset({"crowd"})),
    concept(Family.BARRIER, "no_money", "費用が出せない", traits=frozenset({"cost"})),
    concept(Family.SETTING, "small_group", "少人数"),
    concept(Family.SETTING, "women_only", "女性のみ", traits=frozenset({"women_only"})),
    concept(Family.ACTIVITY, "fishing", "釣り"),
    concept(Family.ACTIVITY, "machines", "機械いじり"),
    concept(Family.ROLE, "repair", "修理"),
    SALON,
    DESK,
)
