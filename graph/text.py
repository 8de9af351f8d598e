"""Japanese text: normal form, words, likeness. The only place that knows Sudachi and RapidFuzz.

Everything here is pure: same text, same answer. Nothing is logged, since texts may be memos.
"""

import re
import threading
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import jaconv
from rapidfuzz import fuzz, process
from sudachipy import Dictionary, SplitMode, Tokenizer

#: Parts of speech (first level) that carry no content of their own.
FUNCTION_WORDS = frozenset({"助詞", "助動詞", "補助記号", "空白", "記号"})

#: Normal forms that turn a statement round.
NEGATIONS = frozenset({"ない", "無い", "ず", "ぬ"})

_local = threading.local()

# 長音や波線の代わりに打たれる横線。かなの後ろにあるときだけ長音とみなす（住所の「1-2」は変えない）。
_DASHES = "‐‑‒–—―−－ｰ─━〜～~-"
_LONG_VOWEL = re.compile(rf"(?<=[ぁ-ゖァ-ヺー])[{re.escape(_DASHES)}]")
_SPACES = re.compile(r"\s+")
_ITERATION = re.compile(r"([一-龥])々")


@dataclass(frozen=True, slots=True, kw_only=True)
class Morpheme:
    """One word of a text. ``start``/``end`` count characters of the text as given."""

    surface: str
    start: int
    end: int
    normal: str
    dictionary: str
    reading: str
    pos: tuple[str, ...]
    #: Sudachi's groups of synonyms the word belongs to (夕飯・夕食・晩ご飯), by number.
    groups: tuple[int, ...] = ()

    @property
    def content(self) -> bool:
        """Whether the word carries meaning of its own (not a particle, mark or space)."""
        return self.pos[0] not in FUNCTION_WORDS


@lru_cache(maxsize=65536)
def normalise(text: str) -> str:
    """The form in which two spellings of one word are equal.

    NFKC (half-width kana, full-width digits), lower case, katakana read as hiragana, dashes typed
    for 長音 turned into 「ー」, 々 written out, every space and middle dot removed. Kanji and the
    order of characters stay. Empty for blank text.

    >>> normalise("ﾌｰﾄﾞ・バンク　ＡＢＣ")
    'ふーどばんくabc'
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = _ITERATION.sub(r"\1\1", plain)
    plain = _SPACES.sub("", plain).replace("・", "")
    plain = jaconv.kata2hira(_LONG_VOWEL.sub("ー", plain))
    # 空白を除くと結合文字どうしが隣り合うことがあるので、最後にもう一度そろえる。
    return unicodedata.normalize("NFKC", plain)


def analyse(text: str) -> tuple[Morpheme, ...]:
    """Words of a text with their places in it (Sudachi, short units)."""
    return tuple(
        Morpheme(
            surface=m.surface(),
            start=offset + m.begin(),
            end=offset + m.end(),
            normal=m.normalized_form(),
            dictionary=m.dictionary_form(),
            reading=m.reading_form(),
            pos=tuple(m.part_of_speech()),
            groups=tuple(m.synonym_group_ids()),
        )
        for part, offset in _parts(text)
        for m in _tokenizer().tokenize(part)
    )


def tokens(text: str) -> list[str]:
    """Content words in Sudachi's normal form (子ども → 子供), in order, repeats kept.

    The negation of 「払えない」「行けず」 is kept as 「無い」: it turns the meaning round.

    >>> tokens("子どもの学費が払えない")
    ['子供', '学費', '払う', '無い']
    """
    words: list[str] = []
    for part, _ in _parts(unicodedata.normalize("NFKC", text)):
        for m in _tokenizer().tokenize(part):
            normal = m.normalized_form()
            if normal in NEGATIONS:
                words.append("無い")
            elif m.part_of_speech()[0] not in FUNCTION_WORDS:
                words.append(normalise(normal))
    return words


def similarity(left: str, right: str) -> float:
    """Likeness of two spellings, 0 to 1, on their normal forms; 0 when either is empty."""
    a, b = normalise(left), normalise(right)
    return fuzz.ratio(a, b) / 100 if a and b else 0.0


def likeness(left: str, right: str) -> float:
    """:func:`similarity` of two texts that are normal forms already, for very many pairs.

    >>> likeness("ひだまりの家", "ひだまりのいえ") > 0.7
    True
    """
    return fuzz.ratio(left, right) / 100 if left and right else 0.0


def held_in(part: str, whole: str) -> float:
    """How well the shorter of two normal forms lies inside the longer one, 0 to 1.

    >>> held_in("ひだまりの家", "居場所ひだまりの家")
    1.0
    """
    return fuzz.partial_ratio(part, whole) / 100 if part and whole else 0.0


def best_matches(
    text: str, choices: Sequence[str], *, limit: int = 5, cutoff: float = 0.0
) -> list[tuple[int, float]]:
    """Index and likeness (0 to 1) of the nearest of ``choices``, best first, ties by index.

    ``choices`` must already be normal forms (:func:`normalise`), so that a list that is used often
    is made once.
    """
    wanted = normalise(text)
    if not wanted:
        return []
    found = process.extract(
        wanted, choices, scorer=fuzz.ratio, limit=limit, score_cutoff=cutoff * 100
    )
    return sorted(((i, score / 100) for _, score, i in found), key=lambda hit: (-hit[1], hit[0]))


def weighted_overlap(
    left: Iterable[str], right: Iterable[str], weight: Mapping[str, float], default: float
) -> float:
    """Dice overlap of two bags of words, each word weighing what ``weight`` says; 0 to 1."""
    a, b = frozenset(left), frozenset(right)
    if not a or not b:
        return 0.0
    shared = sum(weight.get(word, default) for word in a & b)
    total = sum(weight.get(word, default) for word in a)
    total += sum(weight.get(word, default) for word in b)
    return 2 * shared / total


#: Sudachi refuses more than 49,149 bytes; a memo is cut at line ends well below that.
_PART = 8_000


def _parts(text: str) -> Iterable[tuple[str, int]]:
    start = 0
    while start < len(text):
        end = min(len(text), start + _PART)
        if end < len(text):
            cut = max(text.rfind(mark, start, end) for mark in "。\n 　、")
            end = cut + 1 if cut > start else end
        yield text[start:end], start
        start = end


def _tokenizer() -> Tokenizer:
    tokenizer = getattr(_local, "tokenizer", None)
    if tokenizer is None:
        tokenizer = _local.tokenizer = _dictionary().tokenizer(mode=SplitMode.B)
    return tokenizer


@lru_cache(maxsize=1)
def _dictionary() -> Dictionary:
    return Dictionary(dict="core")
