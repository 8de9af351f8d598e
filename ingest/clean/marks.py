"""Yes/no marks. GIF 有無コード: 0 無, 1 有, 2 非公開, 9 不明."""

import re

from ingest.clean.blanks import tidy

#: 印の後ろの断り書き。印は読み、断り書きは呼び手が文として残す。
_REMARK = re.compile(r"(?<=\S)\s*\(.*\)$")
_YES = frozenset(
    [
        "有",
        "あり",
        "有り",
        "可",
        "可能",
        "可能です",
        "可。",
        "できる",
        "対応",
        "対応可",
        "対応可能",
        "利用可",
        "利用可能",
        "実施",
        "実施あり",
        "○",
        "◯",
        "〇",
        "◎",
        "●",
        "✓",
        "✔",
        "レ",
        "1",
        "1.0",
        "はい",
        "yes",
        "y",
        "true",
        "t",
        "on",
        "該当",
        "必要",
        "要",
    ]
)
_NO = frozenset(
    [
        "無",
        "なし",
        "無し",
        "不可",
        "不可能",
        "できない",
        "非対応",
        "未対応",
        "対応不可",
        "対応なし",
        "利用不可",
        "未実施",
        "実施なし",
        "×",
        "✕",
        "✖",
        "╳",
        "X",
        "x",
        "0",
        "0.0",
        "いいえ",
        "no",
        "n",
        "false",
        "f",
        "off",
        "非該当",
        "不要",
        "ありません",
    ]
)


def read_mark(text: str) -> bool | None:
    """True, False, or ``None`` for what is unknown, partial (△) or not a mark at all.

    >>> read_mark('有'), read_mark('○'), read_mark('１'), read_mark('可')
    (True, True, True, True)
    >>> read_mark('無'), read_mark('×'), read_mark('0'), read_mark('不可')
    (False, False, False, False)
    >>> read_mark('○（一部地域）'), read_mark('なし（駅から徒歩5分）'), read_mark('（要相談）')
    (True, False, None)
    >>> read_mark('不明'), read_mark('9'), read_mark('△'), read_mark('要相談'), read_mark('')
    (None, None, None, None, None)
    """
    plain = _REMARK.sub("", tidy(text)).casefold()
    if plain in _YES:
        return True
    return False if plain in _NO else None
