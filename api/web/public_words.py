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

#: 暮らしの言葉。語彙が知っているものだけを出す。
_LIFE = (
    "話し相手がほしい",
    "食べるものに困った",
    "学校がつらい",
    "お金が足りない",
    "住むところに困った",
    "家族の介護で疲れた",
    "子育てに疲れた",
    "仕事をさがしたい",
    "買い物に行けない",
    "眠れない・気持ちがしずむ",
    "家が片付かない",
    "だれかの役に立ちたい",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeWord:
    """A word of life and the need it stands for."""

    text: str
    need: str


def entries_of(vocabulary: Vocabulary) -> Sequence[LifeWord]:
    """The words the vocabulary can read, each need once."""
    found: dict[str, LifeWord] = {}
    for text in _LIFE:
        read = vocabulary.resolve(text.replace("・", ""), (Family.NEED,)) or vocabulary.resolve(
            text, (Family.NEED,)
        )
        if read is not None:
            found.setdefault(read.concept.key, LifeWord(text=text, need=read.concept.key))
    return tuple(found.values())
