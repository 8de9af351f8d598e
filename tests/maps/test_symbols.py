"""Symbols can be told apart without colour and read in white on colour."""

from itertools import combinations

import pytest

from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary
from graph.vocabulary.rules import NEED_HEADS
from maps.sheet import Mark
from maps.symbols import MARKS, OTHER, OUTLINES, REFUGE, STALE, UNDATED, mark_of

ALL = (*MARKS.values(), OTHER, STALE, UNDATED, REFUGE)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("mark", ALL, ids=lambda mark: mark.key)
def test_letter_can_be_read(mark: Mark) -> None:
    assert 1.05 / (_luminance(mark.colour) + 0.05) >= 4.5
    assert len(mark.letter) == 1
    assert mark.shape in OUTLINES


def test_no_two_symbols_share_a_letter_or_a_look() -> None:
    for left, right in combinations(ALL, 2):
        assert left.letter != right.letter
        assert (left.shape, left.colour) != (right.shape, right.colour)


def test_every_head_of_needs_has_a_symbol() -> None:
    assert set(MARKS) == set(NEED_HEADS)


def test_every_category_finds_its_symbol(vocabulary: Vocabulary) -> None:
    found = {
        concept.key: mark_of(concept.key, vocabulary)
        for concept in vocabulary.concepts(Family.CATEGORY)
    }
    assert len({mark.key for mark in found.values()}) >= 10
    lost = [key for key, mark in found.items() if mark is OTHER]
    assert len(lost) <= len(found) // 10
