"""A change kept for one question is told to whoever asks alike: so it may read no more than that."""

from dataclasses import replace
from itertools import product

import pytest

from matching.ask import WORDS, Ask
from matching.case import Case
from matching.criterion import Criterion, all_criteria
from matching.example import BASE, SmallVocabulary
from matching.profile import Household
from tests.matching.criteria.test_reads import FAR_AWAY, OTHER, mixtures


@pytest.mark.parametrize("criterion", all_criteria(), ids=lambda c: c.key)
def test_a_change_reads_what_is_weighed_and_the_words_said_again(criterion: Criterion) -> None:
    examples = criterion.examples
    vocabulary = SmallVocabulary([*BASE, *(c for e in examples for c in e.concepts)])
    facts = (criterion.all_read() or frozenset()) | WORDS
    houses = [example.house() for example in examples] + [OTHER]
    for one, other in product(houses, houses):
        before, *after = [*mixtures(one, other, vocabulary), *wordings(one, vocabulary)]
        for card in [*(example.card for example in examples), FAR_AWAY]:
            said = criterion.relax(card, before)
            for ask in after:
                if ask.read(facts) == before.read(facts):
                    assert criterion.relax(card, ask) == said


def wordings(house: Household, vocabulary: SmallVocabulary) -> list[Ask]:
    """The same question in other words: none of them weighs anything."""
    me, *others = house.persons
    said = replace(me, avoids_because=("会いたくない",), label="本人（62歳）", role="本人")
    houses = [
        replace(house, persons=(said, *others)),
        replace(house, case=Case(area="東区", case_id="C-1", memo="覚え")),
    ]
    return [mixtures(each, each, vocabulary)[0] for each in houses]
