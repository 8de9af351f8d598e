"""定員: persons a place takes. 0 stands for "not given" in the national files."""

import re

from ingest.clean.blanks import tidy

_NUMBER = r"(\d{1,3}(?:,\d{3})+|\d{1,6})(?:\.0+)?"
_PEOPLE = re.compile(
    rf"(?:約|最大|定員|先着|各|1回|毎回|およそ|おおよそ|計|合計|[:\s])*{_NUMBER}\s*(?:名|人|床|席)?\s*(?:程度|前後|くらい|ほど|以内|以下|まで|位)?"
)
_RANGE = re.compile(
    rf"(?:約|先着)?{_NUMBER}\s*(?:名|人)?\s*[~\-]\s*{_NUMBER}\s*(?:名|人)?(?:程度|前後)?"
)
_GROUPS = re.compile(rf"(?:約|先着)?{_NUMBER}\s*組\s*[(・、]?\s*{_NUMBER}\s*(?:名|人)\)?(?:程度)?")
_MOST = 100_000


def read_capacity(text: str) -> int | None:
    """Number of persons, the upper one of a range; ``None`` for 0, no limit or no number.

    >>> read_capacity('約20名'), read_capacity('２０名程度'), read_capacity('20.0'), read_capacity('10～15人')
    (20, 20, 20, 15)
    >>> read_capacity('10組20名'), read_capacity('1,200'), read_capacity('20名（うち介護者5名）')
    (20, 1200, 20)
    >>> read_capacity('0'), read_capacity('定員なし'), read_capacity('A棟10名 B棟20名')
    (None, None, None)
    """
    plain = re.sub(r"\([^()]*\)\s*$", "", re.sub(r"[〜～‐-―−]", "~", tidy(text))).strip()
    for pattern in (_PEOPLE, _RANGE, _GROUPS):
        if match := pattern.fullmatch(plain):
            number = int(match[match.lastindex or 1].replace(",", ""))
            return number if 0 < number <= _MOST else None
    return None
