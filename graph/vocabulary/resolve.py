"""Reads a free word as a concept: exact first, then trimmed, contained, by words, by spelling."""

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph.text import best_matches, normalise, tokens, weighted_overlap
from graph.vocabulary.concept import Concept, Family, Resolution

#: Least score of an uncertain reading (words, spelling) by family. Set on the tuning part of
#: tests/graph/vocabulary/labels.tsv; the kept-out part only confirms them.
THRESHOLD: Mapping[Family, float] = {
    Family.NEED: 0.74,
    Family.CATEGORY: 0.82,
    Family.SITUATION: 0.78,
    Family.ACTIVITY: 0.80,
    Family.SETTING: 0.76,
    Family.BARRIER: 0.74,
    Family.ROLE: 0.78,
    Family.STEP: 0.80,
}
#: Two readings nearer than this to each other are no reading at all.
MARGIN = 0.02
#: Words that narrow a name down so far that their exchange is never a slip of spelling.
_OPPOSED = (
    ("移行", "継続", "定着", "選択", "準備", "訓練"),
    ("a型", "b型"),
    ("介護", "看護", "入浴", "診療", "リハビリ"),
    ("居宅", "居場所", "訪問", "通所", "施設"),
    ("包括", "子育て", "生活", "活動", "福祉", "ひきこもり", "基幹"),
    ("身体", "知的", "精神", "発達"),
    ("男性", "女性"),
    ("入所", "通所", "短期", "一時"),
)

_BRACKETS = re.compile(r"[(\[【「『〈《<].*?[)\]】」』〉》>]")
_MARKS = re.compile(r"[\s「」『』（）()\[\]【】〈〉《》<>\"'、。，．,.!?！？/／…‥:：;；ー＿_\-]")
_PLACE = re.compile(
    r"^(?:[一-龥ヶヵケぁ-んァ-ン]{1,4}[都道府県])?(?:[一-龥ヶヵケぁ-んァ-ン]{1,6}[市区町村郡])+(?:立|営|の)?(?=.{2,})"
)
_HEAD = re.compile(r"^(?:お|ご|御|公立|市立|町立|村立|県立|私立|国立|特になく)")
_ENDING = re.compile(
    r"(?:など|等|のこと|について|に関すること|に関する相談|の相談|相談|の支援|を希望|希望|が必要"
    r"|したい|を知りたい|がほしい|が欲しい|に困っている|で困っている|に悩んでいる|事業所|事業|サービス|施設"
    r"|です|である|の方|の人|者|世帯|あり|有)$"
)
_DENIED = re.compile(
    r"^(?:で|が|は|を|も|に|の|では|には|とは|希望|必要|する|でき|い|し|ら|え|れ|る)*(?:ない|なし|無し|無い|不要|なく|せず|ません)"
)
_LEAST_PART = 3


def fold(text: str) -> str:
    """:func:`graph.text.normalise` without marks and 長音: the form words are looked up by."""
    return _MARKS.sub("", normalise(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Surface:
    """A label, synonym or reading of a concept, in the forms it is compared in."""

    concept: Concept
    form: str
    how: str
    words: frozenset[str]


class Resolver:
    """Looks words up in one family. Immutable once made; safe to share between threads."""

    def __init__(self, family: Family, concepts: Collection[Concept]) -> None:
        self._family = family
        self._exact: dict[str, tuple[Concept, str]] = {}
        for concept in concepts:
            for text, how in _surfaces(concept):
                self._exact.setdefault(fold(text), (concept, how))
        self._exact.pop("", None)
        self._longest = max(map(len, self._exact), default=0)
        self._near: _Near | None = None

    def find(self, text: str) -> Resolution | None:
        """The surest reading, or ``None`` when there is none or two are equally near."""
        exact = self._exactly(text)
        if exact is not None:
            return exact
        readings = self._named(text) or self.near(text, limit=4)
        if not readings or readings[0].score < THRESHOLD[self._family]:
            return None
        best = readings[0]
        rival = next((r for r in readings[1:] if r.concept.key != best.concept.key), None)
        if rival is not None and best.score - rival.score < MARGIN:
            return None
        return best

    def near(self, text: str, limit: int) -> Sequence[Resolution]:
        """Readings best first, one per concept, however unsure."""
        exact = self._exactly(text)
        found = [exact] if exact is not None else []
        found.extend(self._contained(text))
        if self._near is None:
            self._near = _Near(self._family, self._exact)
        found.extend(self._near.find(text))
        best: dict[str, Resolution] = {}
        for reading in found:
            held = best.get(reading.concept.key)
            if held is None or reading.score > held.score:
                best[reading.concept.key] = reading
        return sorted(best.values(), key=lambda r: (-r.score, r.concept.key))[:limit]

    def _exactly(self, text: str) -> Resolution | None:
        for form, score in _trimmed(text):
            hit = self._exact.get(form)
            if hit is not None:
                how = hit[1] if score == 1.0 else "trimmed"
                return Resolution(concept=hit[0], text=text, score=score, how=how)
        return None

    def _named(self, text: str) -> Sequence[Resolution]:
        """Readings of a proper name by the kind of resource in it; empty when there is none."""
        if self._family is not Family.CATEGORY:
            return []
        return sorted(self._contained(text), key=lambda r: (-r.score, r.concept.key))

    def _contained(self, text: str) -> Iterable[Resolution]:
        """Known words inside the text: where a name has its kind, or most of the text."""
        plain = normalise(_LEGAL.sub("", text))
        whole = fold(_BRACKETS.sub("", plain)) or fold(plain)
        covered = 0
        for start in range(len(whole)):
            stop = min(len(whole), start + self._longest)
            for end in range(stop, max(start + 1, covered), -1):
                hit = self._exact.get(whole[start:end])
                if hit is None or hit[1] == "key" or _DENIED.match(whole[end:]):
                    continue
                score = self._part_score(_Part(whole, start, end), hit[0], text)
                if score > 0:
                    # 「歯科クリニック」の中の「クリニック」は、もう読んだ言葉の一部。
                    covered = end
                    yield Resolution(concept=hit[0], text=text, score=round(score, 4), how="part")
                    break

    def _part_score(self, part: "_Part", concept: Concept, text: str) -> float:
        if self._family is Family.CATEGORY:
            return _name_score(part, named="named" in concept.traits)
        if part.length < _LEAST_PART or not set(tokens(part.text)) <= set(tokens(text)):
            # 「畑仕事」の中の「仕事」のように、語の途中から始まるものは別の言葉。
            return 0.0
        return min(0.95, 0.35 + 0.62 * part.share + (0.05 if part.at_end else 0.0))


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of a folded text."""

    whole: str
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.whole[self.start : self.end]

    @property
    def length(self) -> int:
        return self.end - self.start

    @property
    def share(self) -> float:
        return self.length / len(self.whole)

    @property
    def after(self) -> str:
        return self.whole[self.end :]

    @property
    def at_end(self) -> bool:
        return self.end == len(self.whole)


#: Least length of a kind of resource inside a name: at its end in kanji, at its end, at its start.
_KANJI_TAIL, _TAIL, _START = 3, 4, 4
_KANJI = re.compile(r"[一-龥]+")
#: What follows a kind of resource when its own name comes after it (「保育園アルペジオ」).
_OWN_NAME = re.compile(r"[ぁ-んa-z]{2}")
#: What follows a name's kind when it is one of several houses (「みどり薬局千葉店」).
_BRANCH = re.compile(
    r"(?![前通口横裏北南東西内])[^前通]{0,10}(?:店|支店|分園|分館|分室|分校|本館|新館)$"
)
#: Kind of legal person before a name; says nothing about the kind of resource.
_LEGAL = re.compile(
    r"^\s*(?:社会福祉法人|医療法人(?:社団|財団)?|社会医療法人|学校法人|宗教法人|特定非営利活動法人|NPO法人|ＮＰＯ法人"
    r"|(?:公益|一般)?(?:社団|財団)法人|株式会社|有限会社|合同会社|独立行政法人|生活協同組合)(?:\S*\s+(?=\S))?"
)


def _name_score(part: _Part, *, named: bool) -> float:
    """Names end with their kind (「ひだまり地域包括支援センター」) or start with it (「法テラス千葉」)."""
    kanji = _KANJI.fullmatch(part.text) is not None
    least = (2 if named else _KANJI_TAIL) if kanji else _TAIL
    if (part.at_end or _BRANCH.match(part.after)) and part.length >= least:
        return min(0.95, 0.84 + 0.1 * part.share)
    if part.start == 0 and part.length >= _START:
        return min(0.94, 0.80 + 0.1 * part.share)
    if part.start == 0 and kanji and part.length >= least and _OWN_NAME.match(part.after):
        return min(0.94, 0.80 + 0.1 * part.share)
    return 0.0


def _surfaces(concept: Concept) -> Iterable[tuple[str, str]]:
    yield concept.label, "label"
    for word in concept.synonyms:
        yield word, "synonym"
    if concept.kana:
        yield concept.kana, "kana"
    yield concept.key, "key"


def _trimmed(text: str) -> Iterable[tuple[str, float]]:
    """The text as it is, then with what people add to a name taken off, step by step."""
    yield fold(text), 1.0
    plain = normalise(text)
    bare = _BRACKETS.sub("", plain)
    seen: set[str] = set()
    for form in (bare, _PLACE.sub("", bare)):
        current = form
        for _ in range(3):
            folded = fold(current)
            if folded and folded not in seen:
                seen.add(folded)
                yield folded, 0.96
            shorter = _ENDING.sub("", current)
            if shorter == current:
                break
            current = shorter
        headless = _HEAD.sub("", form)
        if headless != form:
            yield fold(headless), 0.95
            yield fold(_ENDING.sub("", headless)), 0.94


class _Near:
    """Uncertain readings; made on first use, since it needs the dictionary of words."""

    def __init__(self, family: Family, exact: Mapping[str, tuple[Concept, str]]) -> None:
        self._family = family
        self._surfaces = [
            _Surface(concept=concept, form=form, how=how, words=frozenset())
            for form, (concept, how) in sorted(exact.items())
            if how != "key"
        ]
        words = [_bag(_spelled(surface)) for surface in self._surfaces]
        self._words = words
        self._forms = [s.form for s in self._surfaces]
        self._postings: dict[str, list[int]] = {}
        for index, bag in enumerate(words):
            for word in bag:
                self._postings.setdefault(word, []).append(index)
        count = max(2, len(words))
        self._weight = {
            word: 0.15 + math.log(count / len(held)) for word, held in self._postings.items()
        }
        self._unknown = 0.7 * (0.15 + math.log(count))

    def find(self, text: str) -> Iterable[Resolution]:
        yield from self._by_words(text)
        yield from self._by_spelling(text)

    def _by_words(self, text: str) -> Iterable[Resolution]:
        bag = _bag(_BRACKETS.sub("", text))
        denied = _NEGATION in bag
        candidates = {i for word in bag for i in self._postings.get(word, ())}
        for i in sorted(candidates):
            held = self._words[i]
            if (_NEGATION in held) is not denied or (min(len(bag), len(held)) == 1 and bag != held):
                continue
            score = weighted_overlap(bag, held, self._weight, self._unknown)
            if score >= _FLOOR:
                yield self._reading(i, text, 0.97 * score, "words")

    def _by_spelling(self, text: str) -> Iterable[Resolution]:
        form = fold(text)
        if len(form) < _LEAST_PART:
            return
        denied = _NEGATION in _bag(text)
        for i, score in best_matches(form, self._forms, limit=6, cutoff=0.7):
            other = self._forms[i]
            if (_NEGATION in self._words[i]) is denied and _same_word(form, other):
                yield self._reading(i, text, 0.98 * score, "spelling")

    def _reading(self, index: int, text: str, score: float, how: str) -> Resolution:
        surface = self._surfaces[index]
        return Resolution(concept=surface.concept, text=text, score=round(score, 4), how=how)


def _spelled(surface: _Surface) -> str:
    concept = surface.concept
    for word in (concept.label, *concept.synonyms):
        if fold(word) == surface.form:
            return word
    return surface.form


#: Readings below this are not even shown.
_FLOOR = 0.5
_NEGATION = "無い"
#: Words so common in what people ask for that they say nothing about it.
_LIGHT = frozenset(
    {
        "為る", "居る", "有る", "成る", "欲しい", "呉れる", "貰う", "仕舞う", "出来る", "事", "為",
        "困る", "願う", "希望", "必要", "行う", "始める", "頂く", "下さる", "思う", "様", "方",
    }
)  # fmt: skip
#: A slip of spelling leaves at least this share of the length.
_LIKE_LENGTH = 0.75


def _bag(text: str) -> frozenset[str]:
    words = frozenset(tokens(text))
    return words - _LIGHT or words


def _same_word(left: str, right: str) -> bool:
    """Whether two near spellings can be one word: of like length, and no kanji exchanged."""
    if min(len(left), len(right)) < _LIKE_LENGTH * max(len(left), len(right)):
        return False
    kanji = [set("".join(_KANJI.findall(form))) for form in (left, right)]
    extra, missing = kanji[0] - kanji[1], kanji[1] - kanji[0]
    if extra and missing:
        return False
    # かなで書いた側は長くなる。漢字が増えて長くなったのなら、別の語が付いている（「畑」仕事）。
    if (extra and len(left) > len(right)) or (missing and len(right) > len(left)):
        return False
    return not _swapped(left, right)


def _swapped(left: str, right: str) -> bool:
    """Whether the two differ by an exchange of words that mean different things."""
    for group in _OPPOSED:
        a = {word for word in group if word in left}
        b = {word for word in group if word in right}
        if a != b:
            return True
    return False
