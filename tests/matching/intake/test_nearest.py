"""いちばん近い見出し：はっきり勝つものだけを、言葉の位置と一緒に読む。"""

import pytest

from graph.vocabulary.concept import Family
from graph.vocabulary.load import load_vocabulary
from matching.intake import read_memo
from matching.intake.nearest import nearest_of
from matching.intake.words import read_words

SENTENCE = "夜中に三度起こされ、抱き起こすたびに腰が鳴る。"


def found(text: str, explained: list[tuple[int, int]] | None = None) -> list[tuple[str, str]]:
    memo = read_words(text)
    spots = nearest_of(load_vocabulary()).find(memo, explained or [])
    return [(s.concept.key, text[s.start : s.end]) for s in spots]


def test_words_that_no_phrase_holds_still_lead_to_the_nearest_concept() -> None:
    words = dict(found(SENTENCE))["caregiver_burden"]
    assert words in SENTENCE
    assert {w for w in ("夜中", "起こ", "腰") if w in words} == {"夜中", "起こ", "腰"}
    assert "caregiver_burden" in {f.key for f in read_memo(SENTENCE, load_vocabulary()).findings}


def test_what_has_been_explained_is_left_alone() -> None:
    assert "caregiver_burden" not in dict(found(SENTENCE, [(0, len(SENTENCE))]))


@pytest.mark.parametrize(
    "text", ["", "天気がよかった。", "母は元気です。", "夜。", "今日は火曜日。"]
)
def test_nothing_is_read_without_a_clear_winner(text: str) -> None:
    assert found(text) == []


def test_what_cannot_wait_is_never_guessed() -> None:
    vocabulary = load_vocabulary()
    texts = [f"{c.label}。{c.definition}" for c in vocabulary.concepts(Family.NEED)]
    keys = {key for text in texts for key, _ in found(text)}
    urgent = {c.key for c in vocabulary.concepts(Family.NEED) if "urgent" in c.traits}
    assert keys
    assert keys.isdisjoint(urgent)
