"""Words of life that lead citizens to a need, and numbers that stay in sight."""

from collections.abc import Sequence
from dataclasses import dataclass

from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary

#: いつでも見える番号（全国共通・無料または通話料のみ）。出典：警察庁・消防庁・厚生労働省・こども家庭庁の案内。
EMERGENCY = (
    ("命の危険・けが・火事", "119"),
    ("犯罪・暴力", "110"),
    ("虐待かもしれないとき", "189"),
    ("心がつらいとき（こころの健康相談統一ダイヤル）", "0570-064-556"),
)

#: 暮らしの言葉と、語彙でそれにあたる言葉。語彙が知っているものだけを出す。
_LIFE = (
    ("話し相手がほしい", "話し相手"),
    ("食べるものに困った", "食料の支援"),
    ("学校がつらい", "不登校の相談"),
    ("お金が足りない", "生活費の不足"),
    ("住むところに困った", "住まい探し"),
    ("家族の介護で疲れた", "介護の負担"),
    ("子育てに疲れた", "子育ての悩み"),
    ("仕事をさがしたい", "仕事探し"),
    ("買い物に行けない", "買い物"),
    ("眠れない、気持ちがしずむ", "こころの不調"),
    ("家が片付かない", "片付け"),
    ("だれかの役に立ちたい", "役割・出番がほしい"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeWord:
    """A word of life and the need it stands for."""

    text: str
    need: str


def entries_of(vocabulary: Vocabulary) -> Sequence[LifeWord]:
    """The words the vocabulary can read, each need once."""
    found: dict[str, LifeWord] = {}
    for text, word in _LIFE:
        read = vocabulary.resolve(word, (Family.NEED,)) or vocabulary.resolve(text, (Family.NEED,))
        if read is not None:
            found.setdefault(read.concept.key, LifeWord(text=text, need=read.concept.key))
    return tuple(found.values())
