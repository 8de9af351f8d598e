"""Finds the vocabulary's words in a memo: as they are spelled, and as they are inflected.

A synonym such as 「家賃が払えない」 is kept in two forms: its spelling, and its content words in
normal form with the negation and wish of the last one, so that 「家賃も先月から払えていません」 is
found too. Longer finds win over shorter ones they cover.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from graph.text import normalise
from graph.vocabulary.concept import Concept, Family
from graph.vocabulary.protocol import Vocabulary
from matching.intake.phrases import shipped_phrases
from matching.intake.words import Memo, Word, read_words, spelled

_LIGHT = frozenset(["有る", "無い", "居る", "為る", "成る", "物", "事", "人", "言う"])
#: 一語だけでは何のことか分からない動詞。書かれたとおりの綴りでだけ読む。
_COMMON = frozenset(
    [
        "出る",
        "死ぬ",
        "会う",
        "行く",
        "来る",
        "居る",
        "有る",
        "見る",
        "言う",
        "話す",
        "食べる",
        "使う",
        "持つ",
        "遣る",
        "思う",
        "放る",
        "分かる",
        "為る",
        "終わる",
        "触る",
        "捨てる",
        "帰る",
        "下りる",
        "戻る",
        "泣く",
    ]
)
#: 「家を出なければならない」は「家を出た」ではない：しなければならないこと・させられることは綴りで読む。
_OBLIGED = re.compile(
    r"なければ|なくては|ないと(?:いけ|なら)|ように(?:言|と|通)|てくれ$|[でて]ほしいと言"
)
#: 助詞が意味を決める言い方（家にばかりいる）は、書かれたとおりの綴りでだけ読む。
_ONLY = re.compile(r"ばかり|だけ|しか|まま")
_ENOUGH = 3
_REPORTED = re.compile(r"(?:と|って)(?:言う|いう|言っている|言われた|話す|訴える)$")
_PARTICLE = re.compile(r"[ぁ-んァ-ヴー一-龥](?:が|を|は|に|で|も)(?=[一-龥ァ-ヴぁ-ん])")
_SHORTEST = 2
_MAX_SKIPPED = 2
_MAX_REACH = 14
_MAX_BETWEEN = 10


@dataclass(frozen=True, slots=True, eq=False)
class Phrase:
    """One spelling of a concept, ready to be looked for."""

    concept: Concept
    spelling: str
    lemmas: tuple[str, ...]
    negated: bool
    wish: int
    predicate: bool
    sentence: bool
    denied: tuple[bool, ...] = ()
    rest: "Phrase | None" = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found at a place. ``first``/``last`` are indexes of the memo's words, or -1."""

    phrase: Phrase
    start: int
    end: int
    first: int
    last: int
    agrees: bool = True

    @property
    def final(self) -> Phrase:
        """The part of the phrase that ends it (B of an 「A…B」)."""
        return self.phrase.rest or self.phrase

    @property
    def size(self) -> tuple[float, int]:
        """How much the find says: its content words count, 有る・無い and the like only half."""
        rest = self.phrase.rest.lemmas if self.phrase.rest else ()
        weight = sum(0.5 if w in _LIGHT else len(w) for w in (*self.phrase.lemmas, *rest))
        return (weight or len(self.phrase.spelling), self.end - self.start)


class Lexicon:
    """All phrases of a vocabulary, indexed by how they begin."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        families: Iterable[Family],
        phrases: Iterable[tuple[Concept, str]] = (),
    ) -> None:
        self._by_spelling: dict[str, list[Phrase]] = defaultdict(list)
        self._by_lemma: dict[str, list[Phrase]] = defaultdict(list)
        for family in families:
            for concept in vocabulary.concepts(family):
                if _is_head(concept):
                    continue
                for text in dict.fromkeys((concept.label, *concept.synonyms)):
                    for variant in dict.fromkeys((text, _REPORTED.sub("", text))):
                        self._add(_phrase(concept, variant))
        for concept, text in phrases:
            first, _, rest = text.removeprefix("=").partition("…")
            phrase = _phrase(concept, first, statement=True)
            if phrase and text.startswith("="):
                phrase = replace(phrase, lemmas=())
            if phrase and rest:
                self._add_pair(replace(phrase, rest=_phrase(concept, rest, statement=True)))
            else:
                self._add(phrase)

    def _add(self, phrase: Phrase | None) -> None:
        if phrase is None:
            return
        self._by_spelling[phrase.spelling[:_SHORTEST]].append(phrase)
        if _ONLY.search(phrase.spelling) and len(phrase.lemmas) < _ENOUGH:
            return
        if _OBLIGED.search(phrase.spelling):
            return
        if len(phrase.lemmas) > 1 or (phrase.predicate and _tells(phrase)):
            self._by_lemma[phrase.lemmas[0]].append(phrase)
        elif phrase.lemmas and phrase.lemmas[0].endswith("り"):
            # 「ひきこもり」は「ひきこもって」とも書かれる。
            verb = replace(phrase, lemmas=(f"{phrase.lemmas[0][:-1]}る",), predicate=True)
            self._by_lemma[verb.lemmas[0]].append(verb)

    def _add_pair(self, phrase: Phrase) -> None:
        if phrase.rest is not None and phrase.lemmas:
            self._by_lemma[phrase.lemmas[0]].append(phrase)

    def find(self, memo: Memo) -> list[Hit]:
        """Every hit of every phrase, overlaps included, in order of place."""
        starts = {word.start: i for i, word in enumerate(memo.words)}
        hits = [*self._spelled(memo, starts), *self._inflected(memo)]
        return sorted(set(hits), key=_place)

    def _spelled(self, memo: Memo, starts: dict[int, int]) -> Iterator[Hit]:
        text, places = spelled(memo.text)
        for i in range(len(text) - 1):
            bucket = self._by_spelling.get(text[i : i + _SHORTEST])
            if not bucket or places[i] not in memo.starts:
                continue
            for phrase in bucket:
                j = i + len(phrase.spelling)
                # 語の終わりに空白や記号が続くことがあるので、直前の文字の次を終わりとみる。
                start, end = places[i], places[min(j, len(text)) - 1] + 1
                if not text.startswith(phrase.spelling, i) or end not in memo.ends:
                    continue
                last = _last_word(memo, end)
                agrees = last < 0 or memo.words[last].negated == phrase.negated
                yield Hit(phrase, start, end, starts.get(start, -1), last, agrees)

    def _inflected(self, memo: Memo) -> Iterator[Hit]:
        words = memo.words
        for i, word in enumerate(words):
            for phrase in self._by_lemma.get(word.lemma, ()):
                last = _follow(words, i, phrase)
                if last is not None and phrase.rest is not None:
                    last = _later(words, i, last, phrase.rest)
                if last is not None:
                    end = max(words[last].end, words[last].tail)
                    final = phrase.rest or phrase
                    agrees = words[last].negated == final.negated
                    yield Hit(phrase, word.start, end, i, last, agrees)


def _follow(  # noqa: PLR0911 - 合わない理由ごとに抜ける
    words: Sequence[Word], i: int, phrase: Phrase
) -> int | None:
    """Index of the word that ends the phrase begun at word ``i``; ``None`` if it does not hold."""
    at, skipped = i, 0
    for lemma in phrase.lemmas[1:]:
        at += 1
        while at < len(words) and not _same(words[at], lemma):
            if (
                skipped >= _MAX_SKIPPED
                or words[at].predicate
                or words[at].sentence != words[i].sentence
            ):
                return None
            skipped += 1
            at += 1
        if at >= len(words) or words[at].sentence != words[i].sentence:
            return None
        if words[at].quote != words[i].quote or words[at].start - words[at - 1].end > _MAX_REACH:
            return None
    if len(phrase.denied) > 1 and words[i].predicate and words[i].negated != phrase.denied[0]:
        return None
    last = words[at]
    if phrase.wish and last.wish != phrase.wish:
        return None
    if phrase.negated and not (last.negated or last.lemma == "無い"):
        return None
    return at


def _later(words: Sequence[Word], first: int, last: int, rest: Phrase) -> int | None:
    """Where the second part of an 「A…B」 ends, in the same sentence."""
    for k in range(last + 1, min(len(words), last + 1 + _MAX_BETWEEN)):
        if words[k].sentence != words[first].sentence:
            return None
        if rest.lemmas and _same(words[k], rest.lemmas[0]):
            end = _follow(words, k, rest)
            if end is not None:
                return end
    return None


def _phrase(concept: Concept, text: str, *, statement: bool = False) -> Phrase | None:
    spelling = normalise(text)
    if len(spelling) < _SHORTEST:
        return None
    words = read_words(text).words
    last = words[-1] if words else None
    return Phrase(
        concept=concept,
        spelling=spelling,
        lemmas=tuple(word.lemma for word in words),
        denied=tuple(word.negated for word in words),
        negated=bool(last and last.negated),
        wish=last.wish if last else 0,
        predicate=bool(last and (last.predicate or last.lemma == "無い" or last.wish)),
        sentence=statement or (len(words) > 1 and bool(_PARTICLE.search(text))),
    )


def _same(word: Word, lemma: str) -> bool:
    return word.lemma == lemma or (
        lemma == "無い" and word.lemma in {"居る", "有る"} and word.negated
    )


def _last_word(memo: Memo, end: int) -> int:
    low, high = 0, len(memo.words)
    while low < high:
        middle = (low + high) // 2
        if memo.words[middle].start < end:
            low = middle + 1
        else:
            high = middle
    return low - 1


def _is_head(concept: Concept) -> bool:
    return concept.family is Family.NEED and concept.broader is None


def _place(hit: Hit) -> tuple[int, int, str, bool, str, int]:
    """Order of place; of one place a mere name before a statement, so that no order is by chance."""
    phrase = hit.phrase
    return (
        hit.start,
        -hit.end,
        phrase.concept.key,
        phrase.sentence,
        phrase.spelling,
        hit.last,
    )


def _rank(hit: Hit) -> tuple[float, bool, int, int, str, bool]:
    """Longest first; of equals, the one that says it as the memo does (denied or not)."""
    content, length = hit.size
    phrase = hit.phrase
    same = (-content, not hit.agrees, -length, hit.start)
    return (*same, phrase.concept.key, phrase.sentence)


def widest(hits: Iterable[Hit]) -> list[Hit]:
    """Of hits of one family that overlap, the longest; order of place."""
    kept: dict[Family, list[Hit]] = defaultdict(list)
    for hit in sorted(hits, key=_rank):
        chosen = kept[hit.phrase.concept.family]
        if all(hit.end <= other.start or other.end <= hit.start for other in chosen):
            chosen.append(hit)
    flat = [hit for chosen in kept.values() for hit in chosen]
    flat = [hit for hit in flat if not any(_swallowed(hit, other) for other in flat)]
    return sorted(flat, key=lambda h: (h.start, h.end, h.phrase.concept.family))


def _tells(phrase: Phrase) -> bool:
    """Whether one inflected word says enough on its own (眠れない does, 出ない does not)."""
    return bool(phrase.lemmas) and phrase.lemmas[0] not in _COMMON


def _swallowed(hit: Hit, other: Hit) -> bool:
    """「療育手帳」 is no word about 療育: a bare noun inside a longer name of another kind."""
    phrase = hit.phrase
    if phrase.predicate or phrase.sentence or other.phrase.sentence or other.phrase.predicate:
        return False
    if phrase.concept.family is Family.SITUATION and other.phrase.concept.family is Family.NEED:
        # 「若年性認知症の相談」と書かれた人は、若年性認知症でもある。
        return False
    inside = other.start <= hit.start and hit.end <= other.end
    return inside and other.end - other.start > hit.end - hit.start


_MADE: dict[str, Lexicon] = {}
_KEPT = 4


def lexicon_of(vocabulary: Vocabulary) -> Lexicon:
    """The lexicon of a vocabulary, made once for each version of its data."""
    made = _MADE.get(vocabulary.version)
    if made is None:
        while len(_MADE) >= _KEPT:
            _MADE.pop(next(iter(_MADE)))
        made = _MADE[vocabulary.version] = Lexicon(
            vocabulary, tuple(Family), shipped_phrases(vocabulary)
        )
    return made
