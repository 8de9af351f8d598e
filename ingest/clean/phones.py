"""Telephone numbers: several in one cell, 内線, FAX told apart, full width, lost leading zero."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ingest.clean.blanks import tidy


class PhoneKind(StrEnum):
    """What answers."""

    VOICE = "voice"
    FAX = "fax"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """One number as written (hyphens kept). ``restored`` = a leading zero lost in Excel was put back."""

    number: str
    kind: PhoneKind = PhoneKind.VOICE
    extension: str | None = None
    restored: bool = False

    @property
    def digits(self) -> str:
        """The number for comparing: digits alone."""
        return re.sub(r"\D", "", self.number)


_DASH = r"[-‐-―−ー~()\s.]"
_NUMBER = re.compile(
    rf"(?<![\d-])(?:\+\s*81\s*{_DASH}*\(?0?\)?|\(?0)\d(?:{_DASH}{{0,2}}\d){{6,10}}(?!\d)"
)
_LOST = re.compile(r"\d{9,10}(?:\.0)?")
#: 市外局番の0だけを落として書かれた番号（43-222-0001）。合わせて九桁か、携帯の十桁。
_LOST_HYPHENS = re.compile(
    r"(?=(?:\d-?){9}$)[1-9]\d{0,3}-\d{2,4}-\d{4}|(?:70|80|90|50)-\d{4}-\d{4}"
)
_FAX = re.compile(r"FAX|ファッ?クス|ファクシミリ|F\s*[:.]", re.IGNORECASE)
_VOICE = re.compile(r"TEL|電話|でんわ|☎|℡|T\s*[:.]|携帯|直通|代表", re.IGNORECASE)
_SAME = re.compile(
    r"(?:TEL|電話)\s*[・/&,、]?\s*(?:FAX|ファッ?クス)\s*(?:共通|兼用|共用)?|(?:共通|兼用|兼\s*FAX)",
    re.IGNORECASE,
)
_EXTENSION = re.compile(
    r"\s*[(,、]?\s*(?:内線?|ext\.?|EXT\.?)\s*[:.]?\s*(?P<x>\d{1,6})", re.IGNORECASE
)
_TAIL = re.compile(r"\s*[・,、/~]\s*(?P<t>\d{1,4})(?![\d:時月日年(-])")
_LENGTHS = {10, 11}
_MAX_TEXT = 1000


def read_phones(text: str) -> tuple[Phone, ...]:
    """Every telephone number in a cell, in order; empty when there is none.

    >>> [p.number for p in read_phones('０４３－２４５－１１１１、043(245)2222')]
    ['043-245-1111', '043-245-2222']
    >>> [(p.number, p.kind.value) for p in read_phones('TEL 047-366-1111 FAX 047-366-2222')]
    [('047-366-1111', 'voice'), ('047-366-2222', 'fax')]
    >>> [(p.number, p.extension) for p in read_phones('043-245-5158（内線 2345）')]
    [('043-245-5158', '2345')]
    >>> [p.number for p in read_phones('043-245-5158・5159')], read_phones('平日9:00～17:00')
    (['043-245-5158', '043-245-5159'], ())
    >>> [p.number for p in read_phones('43-222-0001')], read_phones('2026-11-2101')
    (['043-222-0001'], ())
    >>> [(p.number, p.restored) for p in read_phones('432455158')], read_phones('1210112345')
    ([('0432455158', True)], ())
    """
    plain = tidy(text[:_MAX_TEXT]).translate(str.maketrans("‐‑‒–—―−ー～〜", "-" * 8 + "~~"))
    lost = _lost_zero(plain)
    return (lost,) if lost else tuple(dict.fromkeys(_all(plain)))


def _all(plain: str) -> Iterator[Phone]:
    kind = PhoneKind.VOICE
    at = 0
    for match in _NUMBER.finditer(plain):
        number = _shape(match[0])
        if len(re.sub(r"\D", "", number)) not in _LENGTHS:
            continue
        kind = _kind(plain[at : match.start()], kind)
        at = match.end()
        extension = _EXTENSION.match(plain, at)
        yield Phone(number=number, kind=kind, extension=extension["x"] if extension else None)
        while tail := _TAIL.match(plain, at):
            at = tail.end()
            yield Phone(number=number[: -len(tail["t"])] + tail["t"], kind=kind)


def _kind(before: str, kind: PhoneKind) -> PhoneKind:
    if _SAME.search(before):
        return PhoneKind.VOICE
    fax, voice = ([m.start() for m in p.finditer(before)] for p in (_FAX, _VOICE))
    if fax and (not voice or fax[-1] > voice[-1]):
        return PhoneKind.FAX
    return PhoneKind.VOICE if voice or fax else kind


def _shape(written: str) -> str:
    number = re.sub(r"^\+\s*81[-\s]*\(?0?\)?[-\s]*", "0", written)
    return re.sub(rf"{_DASH}+", "-", number.strip("() ")).strip("-")


def _lost_zero(plain: str) -> Phone | None:
    """Excel keeps 0432455158 as the number 432455158."""
    if not plain.startswith("0") and _LOST_HYPHENS.fullmatch(plain):
        return Phone(number="0" + plain, restored=True)
    match = _LOST.fullmatch(plain)
    if match is None or plain.startswith("0"):
        return None
    digits = match[0].removesuffix(".0")
    mobile = digits[:2] in {"70", "80", "90", "50"}
    if (len(digits) == 9 and not mobile) or (len(digits) == 10 and mobile):  # noqa: PLR2004 - 先頭の0を除いた桁数
        return Phone(number="0" + digits, restored=True)
    return None
