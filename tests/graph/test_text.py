"""Normal forms, words and likeness of Japanese text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.text import analyse, best_matches, normalise, similarity, tokens, weighted_overlap


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("ﾌｰﾄﾞﾊﾞﾝｸ", "フードバンク"),
        ("フード・バンク", "フードバンク"),
        ("ふーどばんく", "フードバンク"),
        ("センタ―", "センター"),
        ("サ－クル", "サークル"),
        ("Ａ型", "A型"),
        ("a型", "A型"),
        ("いき いき　プラザ", "いきいきプラザ"),
        ("佐々木", "佐佐木"),
        ("①", "1"),
    ],
)
def test_spellings_of_one_word_are_equal(left: str, right: str) -> None:
    assert normalise(left) == normalise(right)


@pytest.mark.parametrize(("left", "right"), [("1-2-3", "123"), ("居場所", "居宅"), ("A型", "B型")])
def test_different_words_stay_different(left: str, right: str) -> None:
    assert normalise(left) != normalise(right)


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert " " not in once


@given(st.text(alphabet="あいう家賃が払えないﾌｰﾄﾞ😀\n 。、1aＡ", max_size=80))
def test_words_lie_in_the_text_in_order(text: str) -> None:
    words = analyse(text)
    assert "".join(text[w.start : w.end] for w in words) == text
    assert all(text[w.start : w.end] == w.surface for w in words)


def test_long_text_is_cut_without_losing_a_character() -> None:
    text = "母の介護で仕事を辞めた。" * 3_000
    words = analyse(text)
    assert words[-1].end == len(text)
    assert all(a.end == b.start for a, b in pairwise(words))
    assert sum(word.surface == "介護" for word in words) == 3_000


def test_negation_is_kept() -> None:
    assert tokens("家賃が払えない") == ["家賃", "払う", "無い"]
    assert tokens("家賃が払える") == ["家賃", "払う"]
    assert "無い" in tokens("行けず")


def test_words_are_in_one_spelling() -> None:
    assert tokens("子ども食堂") == tokens("こども食堂")


def test_likeness() -> None:
    assert similarity("フードバンク", "ﾌｰﾄﾞﾊﾞﾝｸ") == 1.0
    assert similarity("フードバンク", "フードパントリー") < 0.8
    assert similarity("", "居場所") == 0.0


def test_best_matches_come_best_first() -> None:
    choices = [normalise(word) for word in ("居宅介護", "居場所", "地域の居場所")]
    found = best_matches("居場所", choices, limit=2)
    assert [index for index, _ in found] == [1, 2]
    assert found[0][1] == 1.0
    assert best_matches("", choices) == []
    assert best_matches("全く別のもの", choices, cutoff=0.9) == []


def test_overlap_weighs_rare_words_more() -> None:
    weight = {"地域": 0.1, "包括": 2.0, "活動": 2.0}
    near = weighted_overlap(["地域", "包括"], ["包括"], weight, 1.0)
    far = weighted_overlap(["地域", "包括"], ["地域", "活動"], weight, 1.0)
    assert near > 0.9
    assert far < 0.1
    assert weighted_overlap([], ["地域"], weight, 1.0) == 0.0
