"""What the other rooms ask of the vocabulary."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from graph.vocabulary.concept import Concept, Family, Link, Resolution


class Vocabulary(Protocol):
    """A loaded, linted vocabulary; immutable."""

    @property
    def version(self) -> str:
        """Digest of the data files: results name it as part of ``rules_version``."""

    def concepts(self, family: Family) -> Sequence[Concept]:
        """All of a family, ordered by key."""

    def get(self, family: Family, key: str) -> Concept:
        """The concept; raises NotFoundError."""

    def ancestors(self, family: Family, key: str) -> Sequence[str]:
        """Keys from the concept's ``broader`` up to its head."""

    def resolve(self, text: str, families: Collection[Family]) -> Resolution | None:
        """Read a free word: normalise, exact label or synonym, then fuzzy; ``None`` if unsure."""

    def suggest(
        self, text: str, families: Collection[Family], limit: int = 8
    ) -> Sequence[Resolution]:
        """Near concepts, best first, for a box with suggestions."""

    def need_fit(self, category: str, need: str) -> float | None:
        """How far a category answers a need, 0–1, through ``answers`` and the tree of needs."""

    def need_similarity(self, left: str, right: str) -> float:
        """Likeness of two needs, 0–1, by information content (Lin 1998) over the tree."""

    def similar_needs(self, need: str) -> Mapping[str, float]:
        """Every need with a ``need_similarity`` above 0, itself among them."""

    def answering(self, need: str) -> Mapping[str, float]:
        """Every category with a ``need_fit`` above 0 for the need."""

    def steps(
        self, needs: Collection[str], situations: Collection[str]
    ) -> Sequence[tuple[Concept, Link]]:
        """Steps that come first, in order, each with the link that asks for it."""
