"""Loads the vocabulary: all files, checked whole, refused whole when anything is wrong."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from graph.errors import NotFoundError, VocabularyError
from graph.vocabulary.build import build
from graph.vocabulary.concept import Concept, Family, Link, Resolution
from graph.vocabulary.fit import need_fits, shares
from graph.vocabulary.lint import check
from graph.vocabulary.protocol import Vocabulary
from graph.vocabulary.resolve import Resolver
from graph.vocabulary.source import SHIPPED, read_sources
from graph.vocabulary.tree import Tree

#: How many different words are remembered with their reading.
_REMEMBERED = 200_000
_SHOWN = 8


def load_vocabulary(folder: Path | None = None) -> Vocabulary:
    """The vocabulary of a folder, or the shipped one (read once a process).

    Raises VocabularyError with every fault found in ``facts['problems']``.
    """
    return _shipped() if folder is None else _load(folder)


@lru_cache(maxsize=1)
def _shipped() -> Vocabulary:
    return _load(SHIPPED)


def _load(folder: Path) -> Vocabulary:
    sources = read_sources(folder)
    built = build(sources.entries)
    problems = sorted({*sources.problems, *built.problems, *check(built)})
    if problems:
        shown = "／".join(str(problem) for problem in problems[:_SHOWN])
        more = f"／ほか{len(problems) - _SHOWN}件" if len(problems) > _SHOWN else ""
        raise VocabularyError(
            f"語彙のファイルに直すところが{len(problems)}件あります。{shown}{more}",
            facts={"problems": problems, "folder": str(folder)},
        )
    return LoadedVocabulary(built.concepts, sources.digest)


class LoadedVocabulary:
    """The Vocabulary of ``graph.vocabulary.protocol`` over concepts held in memory."""

    def __init__(self, concepts: Mapping[Family, Mapping[str, Concept]], version: str) -> None:
        self._version = version
        self._concepts = {
            family: dict(sorted(concepts.get(family, {}).items())) for family in Family
        }
        self._lists = {family: tuple(held.values()) for family, held in self._concepts.items()}
        self._trees = {
            family: Tree({key: concept.broader for key, concept in held.items()})
            for family, held in self._concepts.items()
        }
        self._resolvers = {family: Resolver(family, self._lists[family]) for family in Family}
        self._fits = self._all_fits()
        self._answering = self._turned(self._fits)
        needs = self._trees[Family.NEED]
        self._alike = {
            n.key: MappingProxyType(needs.alike(n.key)) for n in self._lists[Family.NEED]
        }
        self._read: dict[tuple[str, frozenset[Family]], Resolution | None] = {}

    def _all_fits(self) -> dict[str, dict[str, float]]:
        share = shares(self._concepts[Family.NEED])
        categories = self._concepts[Family.CATEGORY]
        return {key: need_fits(category, share) for key, category in categories.items()}

    def _turned(self, fits: Mapping[str, Mapping[str, float]]) -> Mapping[str, Mapping[str, float]]:
        turned: dict[str, dict[str, float]] = {key: {} for key in self._concepts[Family.NEED]}
        for category, needs in fits.items():
            for need, fit in needs.items():
                turned[need][category] = fit
        return {need: MappingProxyType(held) for need, held in turned.items()}

    @property
    def version(self) -> str:
        """Digest of the data files."""
        return self._version

    def concepts(self, family: Family) -> Sequence[Concept]:
        """All of a family, ordered by key."""
        return self._lists[family]

    def get(self, family: Family, key: str) -> Concept:
        """The concept; raises NotFoundError."""
        try:
            return self._concepts[family][key]
        except KeyError:
            raise NotFoundError(
                f"語彙（{family}）に「{key}」という見出しはありません。",
                hint="docs/reference/glossary.md にある見出しを使ってください。",
                facts={"family": str(family), "key": key},
            ) from None

    def ancestors(self, family: Family, key: str) -> Sequence[str]:
        """Keys from ``broader`` up to the head; raises NotFoundError."""
        return self._trees[family].ancestors(key)

    def resolve(self, text: str, families: Collection[Family]) -> Resolution | None:
        """Read a free word in the given families; the surest wins, ties in the order of Family."""
        asked = frozenset(families)
        memo = (text, asked)
        if memo in self._read:
            return self._read[memo]
        readings = [
            reading
            for family in Family
            if family in asked and (reading := self._resolvers[family].find(text)) is not None
        ]
        best = max(readings, key=lambda r: r.score, default=None)
        if len(self._read) < _REMEMBERED:
            self._read[memo] = best
        return best

    def suggest(
        self, text: str, families: Collection[Family], limit: int = 8
    ) -> Sequence[Resolution]:
        """Near concepts, best first, for a box with suggestions."""
        asked = frozenset(families)
        found = [
            reading
            for family in Family
            if family in asked
            for reading in self._resolvers[family].near(text, limit)
        ]
        return sorted(found, key=lambda r: (-r.score, r.concept.key))[:limit]

    def need_fit(self, category: str, need: str) -> float | None:
        """How far a category answers a need; ``None`` when it does not. Raises NotFoundError."""
        self.get(Family.CATEGORY, category)
        self.get(Family.NEED, need)
        return self._fits[category].get(need)

    def need_similarity(self, left: str, right: str) -> float:
        """Likeness of two needs by information content (Lin 1998). Raises NotFoundError."""
        return self._trees[Family.NEED].similarity(left, right)

    def similar_needs(self, need: str) -> Mapping[str, float]:
        """Every need that is like it at all, with how far. Raises NotFoundError."""
        self.get(Family.NEED, need)
        return self._alike[need]

    def answering(self, need: str) -> Mapping[str, float]:
        """Every category that answers the need, with its fit. Raises NotFoundError."""
        self.get(Family.NEED, need)
        return self._answering[need]

    def steps(
        self, needs: Collection[str], situations: Collection[str]
    ) -> Sequence[tuple[Concept, Link]]:
        """Steps asked for by needs and situations (or what is above them), in their order.

        Keys that are not in the vocabulary ask for nothing.
        """
        strongest: dict[str, Link] = {}
        for link in (*self._asked(Family.NEED, needs), *self._asked(Family.SITUATION, situations)):
            held = strongest.get(link.key)
            if held is None or link.weight > held.weight:
                strongest[link.key] = link
        found = [(self._concepts[Family.STEP][key], link) for key, link in strongest.items()]
        return sorted(found, key=lambda pair: (float(pair[0].facts["order"]), pair[0].key))

    def _asked(self, family: Family, keys: Collection[str]) -> Sequence[Link]:
        held, tree = self._concepts[family], self._trees[family]
        return [
            link
            for key in sorted(set(keys))
            if key in held
            for at in (key, *tree.ancestors(key))
            for link in held[at].requires_step
        ]
