"""The concept a sentence is nearest to, where no phrase and no combination has read anything.

Every need and situation has a bag of words: its label, definition, synonyms and turns of phrase, as
normal forms and Sudachi's groups of synonyms. A word weighs the more, the fewer concepts know it.
Only a clear winner counts: enough weight, ahead of the next, on at least two words of one sentence
that nothing else has explained, one of them saying what happens. What can't wait is never read so.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph.vocabulary.concept import Concept, Family
from graph.vocabulary.protocol import Vocabulary
from matching.intake.combinations import Together
from matching.intake.phrases import shipped_phrases
from matching.intake.words import Memo, Word, read_words

#: Least weight, tuned on the cases for tuning (sum of ln(concepts ÷ concepts that know the word)).
_LEAST: Mapping[Family, float] = {Family.NEED: 5.5, Family.SITUATION: 5.0}
#: How far ahead of the next concept of its family the winner has to be.
_AHEAD = 1.15
_WIDEST = 30
_WORDS, _NOUNS = 2, 4
#: Words of one group of synonyms count a little less than the word itself.
_GROUP_IN_BAG, _GROUP_IN_MEMO, _GROUPS = 0.5, 0.8, 2
_NO_CONTENT = frozenset({"接尾辞", "接頭辞", "代名詞", "副詞", "連体詞", "接続詞"})
_NO_DETAIL = frozenset({"数詞", "固有名詞"})
_COMMON = frozenset(
    [
        "有る",
        "無い",
        "居る",
        "為る",
        "成る",
        "物",
        "事",
        "こと",
        "もの",
        "人",
        "言う",
        "本人",
        "男性",
        "女性",
        "母",
        "父",
        "息子",
        "娘",
        "妻",
        "夫",
        "子",
        "家族",
        "月",
        "年",
        "日",
        "歳",
        "今",
        "時",
        "様",
        "よう",
        "者",
        "中",
        "前",
        "後",
        "出来る",
        "行く",
        "来る",
        "見る",
        "欲しい",
        "所",
        "相談",
        "支援",
        "困る",
        "等",
        "其れ",
        "此の",
        "其の",
        "自分",
        "一",
        "二",
        "三",
        "代",
        "方",
    ]
)


@dataclass(frozen=True, slots=True)
class _Match:
    """What one concept shares with a sentence."""

    weight: float
    concept: Concept
    words: tuple[Word, ...]


class Nearest:
    """The bags of a vocabulary, indexed by word."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        bags: dict[tuple[Family, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
        concepts: dict[tuple[Family, str], Concept] = {}
        for concept, text in _texts(vocabulary):
            place = (concept.family, concept.key)
            concepts[place] = concept
            own = {_term(word): word for word in read_words(text).words if _tells(word)}
            for term, word in own.items():
                bags[place][term] += 1
                for group in word.groups[:_GROUPS]:
                    bags[place][f"#{group}"] += _GROUP_IN_BAG
        known = Counter(term for bag in bags.values() for term in bag)
        self._index: dict[str, list[tuple[Concept, float]]] = defaultdict(list)
        for place, bag in bags.items():
            for term, times in bag.items():
                rare = math.log(len(bags) / known[term])
                self._index[term].append((concepts[place], rare * times / (times + 1)))

    def find(self, memo: Memo, explained: Sequence[tuple[int, int]]) -> Iterator[Together]:
        """The clear winners of each sentence; ``explained`` are stretches that were read already."""
        sentences: dict[int, list[Word]] = defaultdict(list)
        for word in memo.words:
            if _tells(word):
                sentences[word.sentence].append(word)
        for words in sentences.values():
            matches = self._matches(words)
            for family, least in _LEAST.items():
                own = [m for m in matches if m.concept.family is family]
                if own and _wins(own, least) and not _overlaps(own[0].words, explained):
                    start = min(w.start for w in own[0].words)
                    yield Together(own[0].concept, start, max(w.end for w in own[0].words))

    def _matches(self, words: Iterable[Word]) -> list[_Match]:
        shared: dict[int, dict[str, tuple[float, Word]]] = defaultdict(dict)
        concepts: dict[int, Concept] = {}
        for word in words:
            term = _term(word)
            for concept, weight in self._weights(word, term):
                at = id(concept)
                concepts[at] = concept
                if weight > shared[at].get(term, (0.0, word))[0]:
                    shared[at][term] = (weight, word)
        found = [
            _Match(sum(w for w, _ in own.values()), concepts[at], tuple(w for _, w in own.values()))
            for at, own in shared.items()
            if len(own) >= _WORDS
        ]
        return sorted(found, key=lambda m: (-m.weight, m.concept.key))

    def _weights(self, word: Word, term: str) -> Iterator[tuple[Concept, float]]:
        yield from self._index.get(term, ())
        for group in word.groups[:_GROUPS]:
            for concept, weight in self._index.get(f"#{group}", ()):
                yield concept, weight * _GROUP_IN_MEMO


def _texts(vocabulary: Vocabulary) -> Iterator[tuple[Concept, str]]:
    for family in _LEAST:
        for concept in vocabulary.concepts(family):
            if family is Family.NEED and concept.broader is None:
                continue
            for text in (concept.label, concept.definition, *concept.synonyms):
                if text:
                    yield concept, text
    for concept, text in shipped_phrases(vocabulary):
        if concept.family in _LEAST:
            yield concept, text.removeprefix("=").replace("…", "、")


def _tells(word: Word) -> bool:
    return (
        word.pos not in _NO_CONTENT
        and word.detail not in _NO_DETAIL
        and word.lemma not in _COMMON
        and bool(word.lemma)
    )


def _term(word: Word) -> str:
    return f"{word.lemma}-" if word.negated and word.predicate else word.lemma


def _wins(matches: Sequence[_Match], least: float) -> bool:
    first = matches[0]
    if first.weight < least or "urgent" in first.concept.traits:
        return False
    if len(matches) > 1 and first.weight < _AHEAD * matches[1].weight:
        return False
    width = max(w.end for w in first.words) - min(w.start for w in first.words)
    says = any(w.predicate for w in first.words) or len(first.words) >= _NOUNS
    return says and width <= _WIDEST


def _overlaps(words: Iterable[Word], stretches: Sequence[tuple[int, int]]) -> bool:
    return any(start < w.end and w.start < end for w in words for start, end in stretches)


_MADE: dict[str, Nearest] = {}


def nearest_of(vocabulary: Vocabulary) -> Nearest:
    """The bags of a vocabulary, made once for each version of its data."""
    made = _MADE.get(vocabulary.version)
    if made is None:
        _MADE.clear()
        made = _MADE[vocabulary.version] = Nearest(vocabulary)
    return made
