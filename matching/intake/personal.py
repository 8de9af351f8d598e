"""Finds and masks personal data: names, telephone numbers, addresses, mail, birthdays, numbers.

A mask is as long as what it hides, so that every span keeps its place. What was hidden is told by
kind and place only.
"""

import re
from collections.abc import Iterator, Sequence

from graph.text import Morpheme
from matching.intake.model import Masked

MASK = "＊"
_LONGEST_NAME = 5

_DASH = r"[-‐‑–—−－ーｰ]"
_D = r"[0-9０-９]"
_KAN = r"[0-9０-９一二三四五六七八九十]"
_PATTERNS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("mail", "メールアドレス", re.compile(r"[A-Za-z0-9._%+-]+[@＠][A-Za-z0-9.-]+\.[A-Za-z]{2,}")),
    (
        "phone",
        "電話番号",
        re.compile(
            rf"(?<!{_D})[0０]{_D}{{1,4}}(?:{_DASH}|[（(・ 　])?{_D}{{1,4}}(?:{_DASH}|[）)・ 　])?{_D}{{3,4}}(?!{_D})"
        ),
    ),
    (
        "number",
        "保険証・個人番号などの番号",
        re.compile(
            rf"(?:マイナンバー|個人番号|被保険者番号|保険者番号|保険証番号|記号番号|受給者番号|手帳番号|口座番号|基礎年金番号|免許証番号)[^0-9０-９\n]{{0,6}}({_D}[0-9０-９ 　‐－-]{{3,18}}{_D})"
        ),
    ),
    ("number", "保険証・個人番号などの番号", re.compile(rf"(?<!{_D}){_D}{{10,14}}(?!{_D})")),
    (
        "birthday",
        "生年月日",
        re.compile(
            rf"(?:(?:明治|大正|昭和|平成|令和|[MTSHRＭＴＳＨＲ])[ 　]?{_D}{{1,2}}|(?:19|20|１９|２０){_D}{{2}})[年./．／-]{_D}{{1,2}}[月./．／-]{_D}{{1,2}}日?(?:[ 　]*(?:生まれ|生)|(?=[^\n]{{0,2}}生))"
        ),
    ),
    (
        "birthday",
        "生年月日",
        re.compile(
            rf"(?:生年月日|誕生日)[:：は ]*((?:(?:明治|大正|昭和|平成|令和|[MTSHR])[ 　]?{_D}{{1,2}}|{_D}{{4}})[年./．／-]{_D}{{1,2}}[月./．／-]{_D}{{1,2}}日?)"
        ),
    ),
    (
        "address",
        "番地・部屋番号",
        re.compile(
            rf"(?:{_KAN}{{1,3}}丁目[ 　]*)(?:{_D}{{1,4}}番(?:地)?(?:[ 　]*{_D}{{1,4}}号?)?|{_D}{{1,4}}(?:{_DASH}{_D}{{1,4}}){{0,3}})(?:[ 　]*[^\s、。「」（）()]{{0,12}}?{_D}{{2,4}}号室?)?"
        ),
    ),
    ("address", "番地・部屋番号", re.compile(rf"(?<!{_D}){_D}{{1,4}}番地(?:の?{_D}{{1,4}})?")),
    (
        "address",
        "番地・部屋番号",
        re.compile(rf"(?<=[町丁目字台通条])(?:{_D}{{1,4}}{_DASH}){{1,3}}{_D}{{1,4}}(?!{_D})"),
    ),
    ("address", "番地・部屋番号", re.compile(rf"(?<!{_D}){_D}{{2,4}}号室")),
    ("postcode", "郵便番号", re.compile(rf"〒[ 　]?{_D}{{3}}{_DASH}?{_D}{{4}}")),
)
_TITLES = frozenset(
    ["さん", "様", "さま", "氏", "くん", "君", "ちゃん", "殿", "先生", "夫妻", "宅"]
)
_NAME_HEAD = re.compile(
    r"(?:氏名|名前|お名前|フリガナ|ふりがな)[ 　]*[:：は][ 　]*([^\s、。（）()\n]{1,12}(?:[ 　][^\s、。（）()\n]{1,8})?)"
)
_KANA_WORD = re.compile(r"[ァ-ヴー]{2,}")
#: さん付けで呼ばれる、人の名ではない言葉。
_NOT_NAMES = frozenset(
    [
        "ヘルパー",
        "ケアマネ",
        "ケアマネージャー",
        "ケアマネジャー",
        "ワーカー",
        "ケースワーカー",
        "ソーシャルワーカー",
        "ママ",
        "パパ",
        "カウンセラー",
        "コーディネーター",
        "スタッフ",
        "ボランティア",
        "オーナー",
        "リーダー",
        "ドクター",
        "ナース",
        "バイト",
        "パート",
        "クリニック",
        "センター",
    ]
)


def find_personal(text: str, morphemes: Sequence[Morpheme]) -> tuple[Masked, ...]:
    """Everything in a text that could name a person; earlier kinds win where two overlap."""
    found: list[Masked] = []
    for masked in (*_numbers(text), *_named(text), *_names(morphemes)):
        if all(masked.end <= other.start or other.end <= masked.start for other in found):
            found.append(masked)
    return tuple(sorted(found, key=lambda m: m.start))


def mask(text: str, masked: Sequence[Masked]) -> str:
    """The text with the data hidden; same length."""
    out = list(text)
    for item in masked:
        out[item.start : item.end] = MASK * (item.end - item.start)
    return "".join(out)


def _numbers(text: str) -> Iterator[Masked]:
    for kind, label, pattern in _PATTERNS:
        for m in pattern.finditer(text):
            start, end = m.span(1) if pattern.groups else m.span()
            yield Masked(kind=kind, label=label, start=start, end=end)


def _named(text: str) -> Iterator[Masked]:
    for m in _NAME_HEAD.finditer(text):
        yield Masked(kind="name", label="氏名", start=m.start(1), end=m.end(1))


def _names(morphemes: Sequence[Morpheme]) -> Iterator[Masked]:
    i = 0
    while i < len(morphemes):
        run = _run(morphemes, i)
        if run == i:
            i += 1
            continue
        first, last = morphemes[i], morphemes[run - 1]
        titled = run < len(morphemes) and morphemes[run].surface in _TITLES
        parts = [m.pos[3] for m in morphemes[i:run] if m.pos[2] == "人名"]
        whole = "姓" in parts and "名" in parts
        if whole or (titled and _could_be_name(morphemes[i:run])):
            yield Masked(kind="name", label="氏名", start=first.start, end=last.end)
        i = run


def _run(morphemes: Sequence[Morpheme], i: int) -> int:
    """End of the run of name-like words that begins at ``i`` (itself if none)."""
    end = i
    while end < len(morphemes) and end - i < _LONGEST_NAME and _name_like(morphemes, end, i):
        end += 1
    while end > i and morphemes[end - 1].pos[0] == "空白":
        end -= 1
    return end


def _name_like(morphemes: Sequence[Morpheme], at: int, start: int) -> bool:
    m = morphemes[at]
    if m.pos[2] == "人名" or (m.pos[1] == "固有名詞" and m.pos[2] in {"一般", "地名"}):
        return True
    if m.pos[0] == "空白" and at > start and len(m.surface) == 1 and m.surface in " 　":
        return at + 1 < len(morphemes) and morphemes[at + 1].pos[2] == "人名"
    return (
        bool(_KANA_WORD.fullmatch(m.surface)) and m.surface not in _NOT_NAMES and m.pos[0] == "名詞"
    )


def _could_be_name(run: Sequence[Morpheme]) -> bool:
    return any(m.pos[1] == "固有名詞" for m in run) or all(
        _KANA_WORD.fullmatch(m.surface) and m.surface == m.normal for m in run
    )
