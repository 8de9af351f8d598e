"""Words that mean something together (data/combinations.yaml): 夫 × 殴る, 学校 × 行けない.

``data/emergencies.yaml`` holds the same for what can't wait; words with a leading 「/」 are patterns
of spelling there (財布に二百円, 朝が来なければいい), which no list of words would exhaust.
``data/indirect.yaml`` holds scenes that tell a need without naming it (席が空いたまま).

A rule holds where one word of each of its groups stands in the same sentence (``near``: in it or
the next). It is weaker evidence than a phrase, so it only speaks where no phrase has spoken.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

from graph.errors import NotFoundError, VocabularyError
from graph.vocabulary.concept import Concept, Family
from graph.vocabulary.protocol import Vocabulary
from matching.intake.words import Memo, Word, read_words

_TABLES = ("combinations.yaml", "emergencies.yaml", "indirect.yaml", "readiness.yaml")
_WIDEST = 70
#: 「揺さぶったことはない」「殴ったりはしない」：型のあとに続く打ち消し。
_REFUTED = re.compile(
    r"^(?!しか)[^。、「」]{0,8}?(?:ことは?(?:も|が)?(?:一度も|まったく|全く)?(?:な[いくか]|ありませ)|わけ(?:で|じゃ)は?な|つもりは?な"
    r"|(?:って|て|で)は?い(?:な[いかく]|ませ)|たり[^。、]{0,12}はし(?:な|ませ)|と?は(?:思って|考えて|言って)い(?:な|ませ))"
    r"|^(?:など|等|とか)?(?:は|も)(?:一切|全く|まったく|特に)?(?:な[いか]|ありません)"
)
_NONE = re.compile(
    r"^(?:など|等|とか)?(?:は|も|が)?(?:一切|全く|まったく|特に)?(?:な[いくし]|ありません)"
)
_NOT_SO = re.compile(r"^[たいてで]{0,3}(?:わけ|つもり|こと)(?:で|じゃ)?は?(?:一度も)?な")


@dataclass(frozen=True, slots=True)
class Item:
    """One word or short phrase of a group, in normal form."""

    lemmas: tuple[str, ...]
    negated: bool
    wish: int


@dataclass(frozen=True, slots=True)
class Rule:
    """Concepts that a combination tells, and the groups it needs."""

    concepts: tuple[Concept, ...]
    groups: tuple[str, ...]
    near: int
    unless: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Together:
    """A combination found: where it begins and ends, and its last word (for negation)."""

    concept: Concept
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _At:
    start: int
    end: int
    sentence: int


class Combinations:
    """The rules of a vocabulary, ready to be looked for."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        data = _tables()
        self._items: dict[str, list[tuple[str, Item]]] = defaultdict(list)
        self._patterns: list[tuple[str, re.Pattern[str]]] = []
        problems: list[str] = []
        named = set(data["groups"])
        for name, words in data["groups"].items():
            self._add(name, words)
        self._rules: list[Rule] = []
        for number, rule in enumerate(data["rules"], start=1):
            groups = []
            for part, group in enumerate(rule["all"]):
                name = group if isinstance(group, str) else f"{number}.{part}"
                if isinstance(group, str) and group not in named:
                    problems.append(f"{number}番目の組「{group}」")
                if not isinstance(group, str):
                    self._add(name, group)
                groups.append(name)
            concepts = [_concept(vocabulary, key, number, problems) for key in rule["to"]]
            against = [_concept(vocabulary, k, number, problems) for k in rule.get("unless", ())]
            self._rules.append(
                Rule(
                    concepts=tuple(c for c in concepts if c),
                    groups=tuple(groups),
                    near=int(rule.get("near", 0)),
                    unless=frozenset((str(c.family), c.key) for c in against if c),
                )
            )
        if problems:
            raise VocabularyError(
                "言葉の組み合わせの表に、ないものが書かれています：" + "、".join(problems) + "。",
                hint="matching/intake/data の combinations.yaml・emergencies.yaml・indirect.yaml の組の名と見出しを確かめてください。",
                facts={"problems": problems},
            )

    def find(self, memo: Memo, known: Collection[tuple[str, str]]) -> Iterator[Together]:
        """Every combination of a memo, the narrowest place of each, in order of the rules.

        ``known``: family and key of what phrases have said already; some rules yield to them, and
        to what rules before them have told.
        """
        places = self._places(memo)
        told = set(known)
        for rule in self._rules:
            if not rule.unless.isdisjoint(told):
                continue
            spot = _spot([places.get(name, []) for name in rule.groups], near=rule.near)
            if spot is not None:
                told.update((str(concept.family), concept.key) for concept in rule.concepts)
                for concept in rule.concepts:
                    yield Together(concept, *spot)

    def _add(self, name: str, words: Sequence[str]) -> None:
        patterns = [str(text)[1:] for text in words if str(text).startswith("/")]
        if patterns:
            self._patterns.append((name, re.compile("|".join(patterns))))
        for text in words:
            parts = () if str(text).startswith("/") else read_words(str(text)).words
            if parts:
                item = Item(tuple(w.lemma for w in parts), parts[-1].negated, parts[-1].wish)
                self._items[item.lemmas[0]].append((name, item))

    def _places(self, memo: Memo) -> dict[str, list[_At]]:
        found: dict[str, list[_At]] = defaultdict(list)
        for i, word in enumerate(memo.words):
            for name, item in self._items.get(word.lemma, ()):
                last = _last(memo.words, i, item)
                if last is not None and not _denied(memo.text[last.end : last.end + 12], last):
                    end = max(last.end, last.tail)
                    found[name].append(_At(word.start, end, word.sentence))
        for name, pattern in self._patterns:
            for m in pattern.finditer(memo.text):
                if m.start() < m.end() and not _REFUTED.match(memo.text[m.end() : m.end() + 24]):
                    found[name].append(_At(m.start(), m.end(), _sentence_at(memo, m.start())))
        return found


def _tables() -> dict[str, Any]:
    """Both tables as one: their groups share names, the rules of emergencies come last."""
    whole: dict[str, Any] = {"groups": {}, "rules": []}
    for name in _TABLES:
        text = files("matching.intake").joinpath("data", name).read_text("utf-8")
        part = yaml.safe_load(text)
        whole["groups"].update(part["groups"])
        whole["rules"] += part["rules"]
    return whole


def _sentence_at(memo: Memo, position: int) -> int:
    """Number of the sentence a position lies in, as the memo's words count them."""
    at = bisect_right(memo.words, position, key=lambda word: word.start) - 1
    return memo.words[at].sentence if at >= 0 else 0


def _denied(after: str, last: Word) -> bool:
    """「暴力はない」「虐待はないことを確認」「死にたいわけではない」."""
    if last.predicate:
        return bool(_NOT_SO.match(after))
    return bool(_NONE.match(after))


def _last(words: Sequence[Word], i: int, item: Item) -> Word | None:
    """The word that ends the item begun at ``i``; its negation has to be as written."""
    at = i
    for lemma in item.lemmas[1:]:
        at += 1
        if at < len(words) and words[at].lemma != lemma:
            at += 1
        if at >= len(words) or words[at].lemma != lemma:
            return None
        if words[at].sentence != words[i].sentence:
            return None
    last = words[at]
    if last.negated != item.negated and (last.predicate or item.negated):
        return None
    return None if item.wish and last.wish != item.wish else last


def _spot(groups: Sequence[Sequence[_At]], *, near: int) -> tuple[int, int] | None:
    """The narrowest stretch with a word of each group, no word counted twice."""
    best: tuple[int, int] | None = None
    for first in groups[0] if groups else ():
        chosen = [first]
        for group in groups[1:]:
            fits = [a for a in group if _beside(a, first, near=near) and not _within(a, chosen)]
            if not fits:
                break
            chosen.append(min(fits, key=lambda a: abs(a.start - first.start)))
        if len(chosen) < len(groups):
            continue
        spot = (min(a.start for a in chosen), max(a.end for a in chosen))
        if _size(spot) <= _WIDEST * (1 + near // 2) and (best is None or _size(spot) < _size(best)):
            best = spot
    return best


def _size(spot: tuple[int, int]) -> int:
    return spot[1] - spot[0]


def _beside(a: _At, b: _At, *, near: int) -> bool:
    return abs(a.sentence - b.sentence) <= near


def _within(a: _At, chosen: Sequence[_At]) -> bool:
    return any(a.start < other.end and other.start < a.end for other in chosen)


def _concept(vocabulary: Vocabulary, path: str, number: int, problems: list[str]) -> Concept | None:
    family, _, key = path.partition(".")
    try:
        return vocabulary.get(Family(family), key)
    except (NotFoundError, ValueError):
        problems.append(f"{number}番目の見出し「{path}」")
        return None


_MADE: dict[str, Combinations] = {}


def combinations_of(vocabulary: Vocabulary) -> Combinations:
    """The combinations for a vocabulary, made once for each version of its data."""
    made = _MADE.get(vocabulary.version)
    if made is None:
        _MADE.clear()
        made = _MADE[vocabulary.version] = Combinations(vocabulary)
    return made
