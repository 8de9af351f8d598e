"""From the words of labelled cases to keys of the vocabulary, and what counts as a hit."""

from collections.abc import Iterable
from functools import cache

from benchmarks.cases import Either, LabelledCase
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary


class Labels:
    """Reads labels exactly; a label the vocabulary doesn't know is a fault of the case file."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.keys = cache(self._keys)

    def either(self, words: Either, family: Family) -> frozenset[str]:
        """Keys that any of the words stands for."""
        return frozenset(key for word in words for key in self.keys(word, family))

    def _keys(self, word: str, family: Family) -> tuple[str, ...]:
        found = self._vocabulary.resolve(word, (family,))
        return (found.concept.key,) if found else ()

    def is_kind(self, category: str | None, wanted: frozenset[str]) -> bool:
        """Whether a category is one of those wanted, or a narrower kind of one."""
        if category is None:
            return False
        return category in wanted or any(
            up in wanted for up in self._vocabulary.ancestors(Family.CATEGORY, category)
        )

    def same_need(self, found: str, wanted: frozenset[str]) -> bool:
        """The same need, or parent and child below a head (見分けの細かさは問わない)."""
        return found in wanted or any(
            self._parent(found) == key or self._parent(key) == found for key in wanted
        )

    def same_situation(self, found: str, wanted: frozenset[str]) -> bool:
        """The same situation, or one right above or below it."""
        tree = self._vocabulary
        return found in wanted or any(
            tree.get(Family.SITUATION, found).broader == key
            or tree.get(Family.SITUATION, key).broader == found
            for key in wanted
        )

    def implied_needs(self, situations: frozenset[str]) -> frozenset[str]:
        """Needs the vocabulary says these situations, or what is above them, bring with them."""
        found: set[str] = set()
        for key in situations:
            for at in (key, *self._vocabulary.ancestors(Family.SITUATION, key)):
                links = self._vocabulary.get(Family.SITUATION, at).implies
                found.update(link.key for link in links)
        needs = {concept.key for concept in self._vocabulary.concepts(Family.NEED)}
        return frozenset(found & needs)

    def _parent(self, key: str) -> str | None:
        broader = self._vocabulary.get(Family.NEED, key).broader
        if broader is None or self._vocabulary.get(Family.NEED, broader).broader is None:
            return None
        return broader


def unknown_labels(
    cases: Iterable[LabelledCase], vocabulary: Vocabulary
) -> dict[str, tuple[str, ...]]:
    """Labels no word of which the vocabulary knows, by field; empty = every label counts."""
    labels = Labels(vocabulary)
    unknown: dict[str, set[str]] = {}

    def note(field: str, items: Iterable[Either], *families: Family) -> None:
        for item in items:
            for word in item:
                if not any(labels.keys(word, family) for family in families):
                    unknown.setdefault(field, set()).add(word)

    for case in cases:
        note("must_rank", (*case.must_rank, *case.first_five), Family.CATEGORY)
        note("must_not_suggest", case.must_not_suggest, Family.CATEGORY)
        for order in case.orders:
            note("better", (order.better, order.worse), Family.CATEGORY)
        note("urgent", case.urgent, Family.NEED)
        for person in case.expect:
            note("needs", person.needs, Family.NEED)
            note("situations", person.situations, Family.SITUATION)
            note("may", person.may, *Family)
    return {field: tuple(sorted(words)) for field, words in sorted(unknown.items())}
