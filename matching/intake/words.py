"""The words of a memo with what stands around them: negation, wish, past, clause and quotation."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from graph.text import Morpheme, analyse, normalise

_FILLERS = frozenset(
    [
        "えーと",
        "えっと",
        "えー",
        "あの",
        "あのー",
        "その",
        "まあ",
        "まぁ",
        "なんか",
        "ちょっと",
        "やっぱり",
        "やはり",
        "こう",
        "ええ",
        "うーん",
    ]
)
#: て／で の後ろで動作の続き方だけを言う動詞。
_HELPERS = frozenset(
    [
        "居る",
        "来る",
        "仕舞う",
        "有る",
        "在る",
        "置く",
        "見る",
        "行く",
        "呉れる",
        "貰う",
        "頂く",
        "遣る",
        "御座る",
        "下さる",
        "参る",
    ]
)
_LIGHT = frozenset(["為る", "致す", "成る"])
_NEGATIONS = frozenset(["ない", "ず", "ぬ", "まい"])
_BREAKING = frozenset(["が", "けど", "けれど", "けれども", "ので", "のに", "し", "から", "ものの"])
_SENTENCE_END = "。！？!?\n"
_OPEN, _CLOSE = "「『“", "」』”"
_PAST_HINT = re.compile(
    r"以前|過去に|昔|若い頃|若いころ|かつて|もともと|学生時代|(?:子ども|子供|歳|才|小さい|[小中高大]学?校?生|十代)の?(?:頃|ころ)|前は|当時|元は|(?:去年|昨年|年前)まで"
)
_SUSPECT = re.compile(
    r"^(?:の|が)?(?:疑い|疑われ|かも|かな|っぽい|らしい|気味|傾向|ではないか|じゃないか|なのか|と思われ|のよう|の可能性)"
)
_WORRY = re.compile(
    r"^.{0,12}?(?:が心配|を心配|が不安|したらどう|たらどう|なりそう|してしまいそう|かもしれない)"
)
_WRAPPED = re.compile(
    r"(?m)(^[^\n]{34,}[^。．！？!?」』）)：:\s])\n(?![・･\-*●○■□◆◇【①-⑳0-9０-９])"
)
_SKIP_MARK = re.compile(r"[\s　、，,・･:：;；／/（）()【】\[\]…‥]")


#: Whose act is wished for: 〜したい, 〜してほしい.
OWN, OTHERS = 1, 2


@dataclass(slots=True)
class Word:
    """A content word. ``lemma`` is Sudachi's normal form in the vocabulary's spelling."""

    lemma: str
    surface: str
    start: int
    end: int
    pos: str
    detail: str
    clause: int
    sentence: int
    quote: int
    after: str = ""
    negated: bool = False
    wish: int = 0
    past: bool = False
    tail: int = 0
    groups: tuple[int, ...] = ()

    @property
    def predicate(self) -> bool:
        """Whether it says what someone does or how something is."""
        return self.pos in {"動詞", "形容詞", "形状詞"} or self.detail == "形容詞的"


@dataclass(frozen=True, slots=True)
class Quote:
    """「…」: the characters inside the marks."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Memo:
    """A memo taken apart once, for everything that reads it."""

    text: str
    morphemes: tuple[Morpheme, ...]
    words: tuple[Word, ...]
    quotes: tuple[Quote, ...]
    breaks: tuple[int, ...]
    starts: frozenset[int]
    ends: frozenset[int]

    def sentence_of(self, position: int) -> tuple[int, int]:
        """Start and end of the sentence that holds a position."""
        start = 0
        for place in self.breaks:
            if place > position:
                return start, place
            start = place
        return start, len(self.text)

    def quote_at(self, position: int) -> Quote | None:
        """The innermost quotation around a position."""
        inside = [q for q in self.quotes if q.start <= position < q.end]
        return max(inside, key=lambda q: q.start) if inside else None


def join_lines(text: str) -> str:
    """A line that was only wrapped goes on in the next: its break becomes a space (same length)."""
    return _WRAPPED.sub(lambda m: f"{m.group(1)} ", text)


def read_words(text: str) -> Memo:
    """Take a memo apart. ``text`` may be messy, long, and without punctuation."""
    morphemes = analyse(text)
    quotes = _quotes(text)
    words, breaks = _words(morphemes, quotes)
    return Memo(
        text=text,
        morphemes=morphemes,
        words=tuple(words),
        quotes=quotes,
        breaks=tuple(breaks),
        starts=frozenset(m.start for m in morphemes),
        ends=frozenset(m.end for m in morphemes),
    )


def lemma_of(morpheme: Morpheme) -> str:
    """The word's normal form, spelled as the vocabulary is compared (かな and NFKC)."""
    return normalise(morpheme.normal)


def is_suspected(after: str) -> bool:
    """Whether the words that follow make it a suspicion."""
    return bool(_SUSPECT.match(after))


def is_worried(after: str) -> bool:
    """Whether the words that follow make it a worry about what may come."""
    return bool(_WORRY.match(after))


def tells_past(before: str) -> bool:
    """Whether the words before in the clause put it into the past."""
    return bool(_PAST_HINT.search(before))


def _quotes(text: str) -> tuple[Quote, ...]:
    found: list[Quote] = []
    stack: list[int] = []
    for place, char in enumerate(text):
        if char in _OPEN:
            stack.append(place)
        elif char in _CLOSE and stack:
            found.append(Quote(stack.pop() + 1, place))
    return tuple(sorted(found, key=lambda q: q.start))


@dataclass(slots=True)
class _Place:
    clause: int = 0
    sentence: int = 0
    depth: int = 0
    quote: int = 0


def _words(morphemes: Sequence[Morpheme], quotes: Sequence[Quote]) -> tuple[list[Word], list[int]]:
    del quotes
    words: list[Word] = []
    breaks: list[int] = []
    place = _Place()
    for i, m in enumerate(morphemes):
        if m.pos[0] in {"補助記号", "空白", "記号"}:
            _mark(m, place, breaks)
            continue
        if m.pos[0] in {"助詞", "助動詞"}:
            _particle(morphemes, i, place, breaks)
            if words:
                words[-1].after += m.surface
            continue
        if m.pos[0] == "感動詞" or m.surface in _FILLERS:
            continue
        if _is_helper(morphemes, i):
            _pass_on(morphemes, i, words)
            continue
        words.append(_word(morphemes, i, place))
    return words, breaks


def _mark(m: Morpheme, place: _Place, breaks: list[int]) -> None:
    if m.surface in _OPEN:
        place.depth += 1
        place.quote += 1
        place.clause += 1
    elif m.surface in _CLOSE:
        place.depth = max(0, place.depth - 1)
        place.clause += 1
    elif any(c in _SENTENCE_END for c in m.surface):
        place.clause += 1
        if place.depth == 0 or "\n" in m.surface:
            place.sentence += 1
            place.depth = 0
            breaks.append(m.end)
    elif _SKIP_MARK.search(m.surface):
        place.clause += 1


def _particle(morphemes: Sequence[Morpheme], i: int, place: _Place, breaks: list[int]) -> None:
    m = morphemes[i]
    if m.pos[1] == "接続助詞" and m.surface in _BREAKING:
        place.clause += 1
        if m.surface in {"が", "けど", "けれど", "けれども"} and i and _polite(morphemes[i - 1]):
            place.sentence += 1
            breaks.append(m.end)
    elif _ends_sentence(morphemes, i) and place.depth == 0:
        place.clause += 1
        place.sentence += 1
        breaks.append(m.end)


def _polite(m: Morpheme) -> bool:
    return m.normal in {"です", "ます"}


def _ends_sentence(morphemes: Sequence[Morpheme], i: int) -> bool:
    """です・ます・ました with no full stop after it, as speech is written down."""
    m = morphemes[i]
    if m.pos[0] != "助動詞" or not m.pos[5].startswith("終止形") or i + 1 >= len(morphemes):
        return False
    polite = _polite(m) or (i > 0 and m.normal == "た" and _polite(morphemes[i - 1]))
    return polite and morphemes[i + 1].pos[0] not in {"助詞", "助動詞", "補助記号"}


def _is_helper(morphemes: Sequence[Morpheme], i: int) -> bool:
    m = morphemes[i]
    before = morphemes[i - 1] if i else None
    if m.normal in _LIGHT and m.pos[1].startswith("非自立"):
        return before is not None and (before.pos[0] != "補助記号") and m.normal != "成る"
    if before is None or m.pos[1][:3] != "非自立":
        return False
    if before.normal in {"て", "で", "てる", "ちゃう"} and before.pos[1] in {"接続助詞", "*"}:
        return m.normal in _HELPERS or m.normal in {"欲しい", "無い", "良い"}
    if m.normal == "無い":
        return _negates(morphemes, i)
    return False


def _negates(morphemes: Sequence[Morpheme], i: int) -> bool:
    """Whether 「ない」 says "not" of the word before (会いたくない, わけではない), not "there is none"."""
    j = i - 1
    while j >= 0 and morphemes[j].pos[1] == "係助詞":
        j -= 1
    if j < 0:
        return False
    m = morphemes[j]
    if m.pos[0] in {"形容詞", "助動詞"} and m.normal != "しか":
        return True
    return bool(m.surface in {"で", "じゃ"} and j)


def _pass_on(morphemes: Sequence[Morpheme], i: int, words: list[Word]) -> None:
    """A helper verb carries its negation and wish to the word it helps."""
    if not words:
        return
    word = words[-1]
    if word.surface in {"わけ", "つもり", "の", "こと", "訳"} and len(words) > 1:
        word = words[-2]
    m = morphemes[i]
    if m.normal == "無い":
        word.negated = not word.negated
    if m.normal == "欲しい":
        word.wish = OTHERS
    negated, wish, past, tail = _tail(morphemes, i)
    word.negated ^= negated
    word.wish = word.wish or wish
    word.past |= past
    word.tail = max(word.tail, tail)


def _word(morphemes: Sequence[Morpheme], i: int, place: _Place) -> Word:
    m = morphemes[i]
    negated, wish, past, tail = _tail(morphemes, i)
    return Word(
        lemma=_canonical(m),
        surface=m.surface,
        start=m.start,
        end=m.end,
        pos=m.pos[0],
        detail=m.pos[1],
        clause=place.clause,
        sentence=place.sentence,
        quote=place.quote if place.depth else 0,
        negated=negated,
        wish=wish,
        past=past,
        tail=tail,
        groups=m.groups,
    )


def _canonical(m: Morpheme) -> str:
    if m.normal in {"無い", "なし", "無し", "無くなる", "皆無"}:
        return "無い"
    return lemma_of(m)


def _tail(morphemes: Sequence[Morpheme], i: int) -> tuple[bool, int, bool, int]:
    """Negation, wish, past and end of the particles and auxiliaries that follow a word."""
    negated = past = False
    wish = 0
    j = i + 1
    end = morphemes[i].end
    while j < len(morphemes) and morphemes[j].pos[0] in {"助動詞", "助詞"}:
        m = morphemes[j]
        if m.pos[0] == "助詞" and m.pos[1] not in {"接続助詞", "係助詞", "副助詞"}:
            break
        if m.pos[0] == "助動詞":
            if m.normal in _NEGATIONS:
                negated = not (_obliged(morphemes, j) or _asks(morphemes, j))
            wish = OWN if m.normal in {"たい", "たがる"} else wish
            past |= m.normal == "た"
            end = m.end
        j += 1
    return negated, wish, past, end


def _asks(morphemes: Sequence[Morpheme], j: int) -> bool:
    """「力になれないか」「手伝えないだろうか」: an offer or a question, not a negation."""
    following = "".join(m.surface for m in morphemes[j + 1 : j + 4])
    return bool(re.match(r"(?:だろう|でしょう|もの)?か(?!ら|った|も|な)", following))


def _obliged(morphemes: Sequence[Morpheme], j: int) -> bool:
    """なければならない・ないといけない・ざるを得ない: a duty, not a negation; also かもしれない."""
    following = "".join(m.surface for m in morphemes[j : j + 5])
    before = "".join(m.surface for m in morphemes[max(0, j - 3) : j])
    return bool(
        re.match(r"(?:なけれ|ない|なく)(?:ば|と|ては|ちゃ)(?:なら|いけ|だめ|駄目)", following)
    ) or (before.endswith("かもしれ"))


def spelled(text: str) -> tuple[str, list[int]]:
    """The text in the vocabulary's spelling, and for each of its characters the place in ``text``."""
    out: list[str] = []
    places: list[int] = []
    i = 0
    while i < len(text):
        j = i + 1
        while j < len(text) and text[j] in "ﾞﾟ゙゚":
            j += 1
        for char in normalise(unicodedata.normalize("NFKC", text[i:j])):
            out.append(char)
            places.append(i)
        i = j
    places.append(len(text))
    return "".join(out), places
