"""Public numbers: 法人番号, 市区町村コード, 郵便番号, 事業所番号.

Zeros lost in Excel are put back only where the check digit or the length leaves one reading.
"""

import re
from collections.abc import Iterator

from ingest.clean.blanks import tidy
from ingest.clean.prefectures import PREFECTURES, prefecture_code

_LAST_PREFECTURE = len(PREFECTURES)


def read_legal_entity_number(text: str) -> str | None:
    """法人番号: thirteen digits whose first is the check digit (法人番号の指定等に関する省令 2条).

    >>> read_legal_entity_number('7000012050002'), read_legal_entity_number('７-0000-1205-0002')
    ('7000012050002', '7000012050002')
    >>> read_legal_entity_number('7000012050003'), read_legal_entity_number('T7000012050002')
    (None, '7000012050002')
    """
    digits = _digits(tidy(text).upper().removeprefix("T"))
    if digits is None or len(digits) != 13:  # noqa: PLR2004 - 法人番号の桁数
        return None
    return digits if digits[0] == str(legal_entity_check_digit(digits[1:])) else None


def legal_entity_check_digit(base: str) -> int:
    """The check digit that stands before the twelve digits of a 法人番号.

    >>> legal_entity_check_digit('000012050002')
    7
    """
    total = sum(int(c) * (1 if n % 2 else 2) for n, c in enumerate(reversed(base), start=1))
    return 9 - total % 9


def read_local_government_code(text: str, *, prefecture: str | None = None) -> str | None:
    """全国地方公共団体コード as six digits with its check digit.

    Five digits without check digit and codes that lost their zero are completed. Where both
    readings are possible (12106 = 千葉市緑区, or 012106 = 岩見沢市 without its zero) the
    prefecture of the row decides; without it the answer is ``None``.

    >>> read_local_government_code('121002'), read_local_government_code('12101')
    ('121002', '121011')
    >>> read_local_government_code('11011'), read_local_government_code('92011')
    ('011011', '092011')
    >>> read_local_government_code('12106'), read_local_government_code('12106', prefecture='千葉県')
    (None, '121061')
    >>> read_local_government_code('121003'), read_local_government_code('１２０００６')
    (None, '120006')
    """
    digits = _digits(re.sub(r"\.0$", "", tidy(text)))
    if digits is None:
        return None
    found = dict.fromkeys(_readings(digits))
    wanted = prefecture_code(prefecture) if prefecture else None
    if wanted:
        found = dict.fromkeys(code for code in found if code.startswith(wanted))
    return next(iter(found)) if len(found) == 1 else None


def local_government_check_digit(base: str) -> int:
    """The sixth digit of a 全国地方公共団体コード (総務省: weights 6 to 2, modulo 11).

    >>> local_government_check_digit('12100'), local_government_check_digit('01101')
    (2, 1)
    """
    total = sum(int(c) * w for c, w in zip(base, (6, 5, 4, 3, 2), strict=True))
    return (11 - total % 11) % 10 if total >= 11 else 11 - total  # noqa: PLR2004 - 法の11


def _readings(digits: str) -> Iterator[str]:
    for zero in ("", "0"):
        padded = zero + digits
        if len(padded) == 6 and padded[5] == str(local_government_check_digit(padded[:5])):  # noqa: PLR2004 - 検査数字つき
            if _is_place(padded[:5]):
                yield padded
        elif len(padded) == 5 and _is_place(padded):  # noqa: PLR2004 - 検査数字なし
            yield padded + str(local_government_check_digit(padded))


def _is_place(base: str) -> bool:
    """Prefecture 01–47, then 000 (prefecture), 1xx (市・区) to 7xx (町村)."""
    return 1 <= int(base[:2]) <= _LAST_PREFECTURE and (base[2:] == "000" or base[2] in "1234567")


def read_postal_code(text: str) -> str | None:
    """郵便番号 as 260-0013.

    >>> read_postal_code('〒２６０－００１３'), read_postal_code('2600013'), read_postal_code('600001')
    ('260-0013', '260-0013', '060-0001')
    >>> read_postal_code('26-0013') is None
    True
    """
    plain = re.sub(r"[〒\s]|郵便番号[::]?", "", re.sub(r"\.0$", "", tidy(text)))
    plain = re.sub(r"[‐-―−ー]", "-", plain)
    match = re.fullmatch(r"(\d{3})-?(\d{4})", plain)
    if match is None and re.fullmatch(r"\d{6}", plain):
        match = re.fullmatch(r"(\d{3})(\d{4})", "0" + plain)
    return f"{match[1]}-{match[2]}" if match else None


def read_provider_number(text: str) -> str | None:
    """事業所番号: ten digits (letters occur in 介護), the first two a prefecture. Not a key.

    >>> read_provider_number('１２７０１０１２３４'), read_provider_number('170100143')
    ('1270101234', '0170100143')
    >>> read_provider_number('12A0100123'), read_provider_number('9970100143')
    ('12A0100123', None)
    """
    plain = re.sub(r"[-\s]|\.0$", "", tidy(text)).upper()
    if re.fullmatch(r"\d{9}", plain):
        plain = "0" + plain
    if not re.fullmatch(r"\d{2}[0-9A-Z]\d{7}", plain):
        return None
    return plain if 1 <= int(plain[:2]) <= _LAST_PREFECTURE else None


def _digits(text: str) -> str | None:
    plain = re.sub(r"[-‐-―−ー\s]", "", text)
    return plain if re.fullmatch(r"[0-9]+", plain) else None
