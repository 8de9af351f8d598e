"""遠回しな言い方：名指しの言葉がなくても、暮らしの場面から読む。似た別の場面は読まない。"""

import pytest

from graph.vocabulary.load import load_vocabulary
from matching.intake import read_memo


def taken(text: str) -> set[str]:
    return {f.key for f in read_memo(text, load_vocabulary()).findings if f.taken}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("中2の娘は月曜の朝になるとお腹が痛くなり、玄関で動けない。", "school_nonattendance"),
        ("28歳の長男は自室にこもり、食事は廊下に置く。もう五年。", "hikikomori_consultation"),
        ("督促のはがきがたまっている。", "debt"),
        ("給料を全部すって帰ってくる。", "addiction"),
        ("学校のプリントは翻訳アプリで読んでいる。", "language_help"),
        ("来月、刑務所を出る。", "after_release"),
        ("私が死んだら、部屋の物は誰が始末するのか。", "end_of_life_planning"),
        ("床が見えないほど袋が積み重なる。", "hoarding"),
        ("口の動きを読んで話を合わせている。", "sensory_support"),
    ],
)
def test_a_scene_tells_the_need(text: str, key: str) -> None:
    assert key in taken(text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("席が空いていたので座った。", "school_nonattendance"),
        ("通販のはがきが届いた。", "debt"),
        ("本を全部読んで帰ってくる。", "addiction"),
        ("部屋の物は娘が買ってくれた。", "end_of_life_planning"),
        ("電車の中で本を読んでいる。", "sensory_support"),
        ("以前、刑務所の前を通った。", "after_release"),
    ],
)
def test_a_like_scene_tells_nothing(text: str, key: str) -> None:
    assert key not in taken(text)
