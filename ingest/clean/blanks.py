"""Cells that say nothing: empty, a dash, 不明. They are unknown, which never means no."""

import re
import unicodedata

_NOTHING = re.compile(
    r"(?:[-‐-―−ー~〜*＊./・#]+|不明|未定|未記入|未登録|未確認|未設定|非公開|該当なし|情報なし|調査中|確認中"
    r"|n/?a|null|none|nan|nil|unknown|undefined|#n/a|#value!|#ref!)?",
    re.IGNORECASE,
)
_RADICAL = re.compile(r"[⺀-⿕]")


#: PDFから写した文字に混じる部首の符号。NFKCでは漢字に戻らない。
_RADICALS = str.maketrans(
    "⺀⺄⺝⺟⺠⺩⺫⺬⺲⺷⺹⺾⻁⻄⻆⻑⻘⻝⻞⻟⻤⻨⻩⻫⻭⻯⻲",
    "冫乙月母民王目示罒羊耂艹虎西角長青食食飠鬼麦黄斉歯竜亀",
)  # fmt: skip


def has_radicals(text: str) -> bool:
    """Whether a text holds such signs; quick, for whole rows."""
    return _RADICAL.search(text) is not None


def mended(text: str) -> str:
    """A text with the signs for radicals (⻘, ⼤), which look like kanji, as those kanji.

    >>> mended('⻘森市⼤字'), mended('ｱﾙﾌｧ①㈱')
    ('青森市大字', 'ｱﾙﾌｧ①㈱')
    """
    if not has_radicals(text):
        return text
    return _RADICAL.sub(lambda m: unicodedata.normalize("NFKC", m[0].translate(_RADICALS)), text)


def tidy(text: str) -> str:
    """NFKC, one kind of blank, no blanks at the ends.

    >>> tidy('　ＡＢＣ　１２３ ')
    'ABC 123'
    """
    return " ".join(unicodedata.normalize("NFKC", mended(text)).replace("\0", "").split())


def is_unknown(text: str) -> bool:
    """Whether the cell only says that nothing is known.

    >>> is_unknown('－'), is_unknown('不明'), is_unknown(''), is_unknown('なし')
    (True, True, True, False)
    """
    return _NOTHING.fullmatch(tidy(text)) is not None
