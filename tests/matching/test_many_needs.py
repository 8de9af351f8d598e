"""A house of many needs: less of each list, the same order and ends as with every list whole."""

from datetime import UTC, date, datetime

import pytest

from graph.backends.open import open_store
from graph.model.element import NodeKind, Ref
from graph.store import GraphStore
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary
from ingest.load import import_paths
from ingest.options import ImportOptions
from ingest.samples import sample_folder
from matching.case import Case, parse_case
from matching.engine import (
    ALMOST_SHOWN,
    LEAST_PER_NEED,
    LISTED,
    PER_NEED,
    RANKED,
    Matcher,
    open_matcher,
)
from matching.outcome import answers
from matching.result import MatchResult, NeedResult, Outcome

ON = date(2026, 11, 20)


@pytest.fixture(scope="module")
def matcher(mihon: GraphStore, vocabulary: Vocabulary) -> Matcher:
    return open_matcher(mihon, vocabulary)


def house(vocabulary: Vocabulary, *counts: int, first: int = 0) -> Case:
    """Members of ages 78, 45 and 10 with so many needs each, as the vocabulary lists them."""
    labels = iter([c.label for c in vocabulary.concepts(Family.NEED)][first:])
    members = [
        {"id": f"m{number}", "age": age, "needs": [next(labels) for _ in range(count)]}
        for number, (age, count) in enumerate(zip((78, 45, 10), counts, strict=False), start=1)
    ]
    return parse_case({"area": "みほん市川辺区柳町一丁目", "members": members})


def lists(result: MatchResult) -> list[NeedResult]:
    return [need for member in result.members for need, _ in member.called()]


def ids(need: NeedResult) -> list[str]:
    return [shown.resource_id for shown in need.suggestions]


@pytest.mark.parametrize("first", [0, 12, 24, 36, 48, 60])
def test_the_first_of_each_list_and_the_ranked_are_shown_and_nothing_else_changes(
    matcher: Matcher, vocabulary: Vocabulary, first: int
) -> None:
    case = house(vocabulary, 4, 3, 2, first=first)
    short, whole = (matcher.match(case, on=ON, full=full) for full in (False, True))
    room = LISTED // len(lists(short))
    assert LEAST_PER_NEED <= room < PER_NEED
    for need, full in zip(lists(short), lists(whole), strict=True):
        ranked = {r.resource_id for r in whole.ranking if r.need == need.need}
        some = [key for at, key in enumerate(ids(full)) if at < room or key in ranked]
        assert ids(need) in (some, ids(full))
        assert need.outcome is full.outcome
        assert need.excluded == full.excluded
        if need.outcome is Outcome.WIDEN:
            assert need.almost == full.almost
    assert short.ranking == whole.ranking
    assert (short.pathway, short.team) == (whole.pathway, whole.team)
    assert (short.next_questions, short.unmet) == (whole.next_questions, whole.unmet)
    cut = [
        len(a.suggestions) < len(b.suggestions)
        for a, b in zip(lists(short), lists(whole), strict=True)
    ]
    assert short.shortened is any(cut)
    assert sum(cut) > 4
    assert not whole.shortened


def test_what_answers_is_shown_even_when_it_stands_far_down(
    matcher: Matcher, vocabulary: Vocabulary
) -> None:
    seen = 0
    for first in range(0, 96, 9):
        for need in lists(matcher.match(house(vocabulary, 4, 3, 2, first=first), on=ON)):
            if need.outcome is Outcome.AVAILABLE and need.reason.startswith("条件に合う"):
                assert any(answers(shown.contributions) for shown in need.suggestions)
                seen += 1
    assert seen > 40


def test_a_house_of_few_needs_keeps_its_lists(matcher: Matcher, vocabulary: Vocabulary) -> None:
    case = house(vocabulary, 2, 2)
    short, whole = (matcher.match(case, on=ON, full=full) for full in (False, True))
    assert short == whole
    assert not short.shortened
    assert max(len(need.suggestions) for need in lists(short)) == PER_NEED


def test_who_asks_for_a_longer_order_gets_longer_lists(
    matcher: Matcher, vocabulary: Vocabulary
) -> None:
    case = house(vocabulary, 4, 3, 2)
    short, long = (matcher.match(case, on=ON, top=top) for top in (RANKED, 3 * RANKED))
    assert len(long.ranking) > len(short.ranking)
    assert not long.shortened


def test_no_more_than_a_few_are_said_to_be_almost(matcher: Matcher, vocabulary: Vocabulary) -> None:
    for need in lists(matcher.match(house(vocabulary, 4, 4, 4), on=ON)):
        assert len(need.almost) <= ALMOST_SHOWN
        if need.outcome is Outcome.AVAILABLE and len(need.suggestions) == LEAST_PER_NEED:
            assert need.almost == ()


def test_what_was_deleted_since_does_not_stand_in_for_an_answer(vocabulary: Vocabulary) -> None:

    store = open_store("memory:")
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    import_paths(store, [sample_folder()], options=ImportOptions(), vocabulary=vocabulary, now=now)
    matcher = open_matcher(store, vocabulary)
    case = house(vocabulary, 4, 3, 2)
    before = matcher.match(case, on=ON)
    gone = {key for need in lists(before) for key in ids(need)}
    with store.write(actor="test") as writer:
        writer.delete([Ref(NodeKind.RESOURCE, key) for key in sorted(gone)])
    after = matcher.match(case, on=ON)
    further = matcher.match(case, on=ON, full=True)
    assert not gone & {key for need in lists(after) for key in ids(need)}
    assert [n.outcome for n in lists(after)] == [n.outcome for n in lists(further)]
    store.close()
