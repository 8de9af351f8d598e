"""Cells that say nothing: empty, a dash, 不明. They are unknown, which never means no."""

import re
import unicodedata

_NOTHING = re.compile(
    r"(?:[-‐-―−ー~〜*＊./・#]+|不明|未定|未記入|未登録|未確認|未設定|非公開|該当なし|情報なし|調査中|確認中"
    r"|n/?a|null|none|nan|nil|unknown|undefined|#n/a|#value!|#ref!)?",
    re.IGNORECASE,
)


def tidy(text: str) -> str:
    """NFKC, one kind of blank, no blanks at the ends.

    >>> tidy('　ＡＢＣ　１２３ ')
    'ABC 123'
    """
    return " ".join(unicodedata.normalize("NFKC", text).replace("\0", "").split())


def is_unknown(text: str) -> bool:
    """Whether the cell only says that nothing is known.

    >>> is_unknown('－'), is_unknown('不明'), is_unknown(''), is_unknown('なし')
    (True, True, True, False)
    """
    return _NOTHING.fullmatch(tidy(text)) is not None
