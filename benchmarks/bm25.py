"""A fair plain search to compare with: Okapi BM25 (Robertson and Walker 1994) over Sudachi words.

The same resources, the same memo; every text field a resource has, its category and needs written
out as labels. No list of stop words is needed: frequent words weigh little by themselves.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph.model.resource import Resource
from graph.text import tokens
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary

K1 = 1.2
B = 0.75


@dataclass(frozen=True, slots=True)
class Found:
    """A resource and its BM25 score."""

    resource: Resource
    score: float


class Bm25:
    """An inverted index over the resources of one store."""

    def __init__(self, resources: Sequence[Resource], vocabulary: Vocabulary) -> None:
        self._resources = tuple(resources)
        documents = [tokens(document_of(r, vocabulary)) for r in resources]
        self._lengths = [len(words) for words in documents]
        self._mean = sum(self._lengths) / len(documents) if documents else 0.0
        self._postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, words in enumerate(documents):
            for word, count in sorted(Counter(words).items()):
                self._postings[word].append((number, count))

    def search(self, text: str, top: int) -> list[Found]:
        """The best ``top`` resources for a text; ties by id."""
        scores: dict[int, float] = defaultdict(float)
        for word, times in Counter(tokens(text)).items():
            for number, gain in self._gains(word):
                scores[number] += times * gain
        ranked = sorted(scores.items(), key=lambda pair: (-pair[1], self._resources[pair[0]].id))
        return [Found(self._resources[number], score) for number, score in ranked[:top]]

    def _gains(self, word: str) -> Iterable[tuple[int, float]]:
        postings = self._postings.get(word, ())
        total = len(self._resources)
        idf = math.log(1 + (total - len(postings) + 0.5) / (len(postings) + 0.5))
        for number, count in postings:
            norm = K1 * (1 - B + B * self._lengths[number] / self._mean)
            yield number, idf * count * (K1 + 1) / (count + norm)


def document_of(resource: Resource, vocabulary: Vocabulary) -> str:
    """Everything a resource says of itself, as one text."""
    labels = [
        *_labels(vocabulary, Family.CATEGORY, (resource.category,) if resource.category else ()),
        *_labels(vocabulary, Family.NEED, resource.needs or ()),
        *_labels(vocabulary, Family.ACTIVITY, resource.activities or ()),
        *_labels(vocabulary, Family.ROLE, resource.roles or ()),
        *_labels(vocabulary, Family.SETTING, resource.settings or ()),
        *_labels(vocabulary, Family.SITUATION, resource.eligible or ()),
    ]
    own = (
        resource.name,
        resource.category_text,
        resource.description,
        resource.eligibility_text,
        resource.schedule_text,
        resource.cost_text,
        resource.area_text,
        resource.application,
    )
    return "\n".join([*(text for text in own if text), *labels])


def _labels(vocabulary: Vocabulary, family: Family, keys: Iterable[str]) -> list[str]:
    known = {concept.key: concept.label for concept in vocabulary.concepts(family)}
    return [known[key] for key in keys if key in known]
