"""The brief answers of many cases are those of whole results, however cases are put together."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.generate import DAY, fill
from benchmarks.households import households
from graph.backends.open import open_store
from graph.model.element import NodeKind, Ref
from graph.store import GraphStore
from graph.vocabulary.concept import Family
from graph.vocabulary.load import load_vocabulary
from graph.vocabulary.protocol import Vocabulary
from matching.case import Case, Member, Travel
from matching.engine import Matcher, open_matcher
from matching.gaps import answers
from matching.gaps.run import needs_of_cases
from matching.result import Outcome
from tests.matching.gaps.oracle import needs_by_whole_results

#: Few enough resources that much is unmet.
RESOURCES = 400


def words(family: Family, most: int) -> st.SearchStrategy[tuple[str, ...]]:
    labels = [concept.label for concept in load_vocabulary().concepts(family)]
    return st.lists(st.sampled_from(labels), max_size=most, unique=True).map(tuple)


members = st.builds(
    Member,
    id=st.sampled_from(["m1", "m2"]),
    age=st.one_of(st.none(), st.sampled_from([3.0, 16.0, 62.0, 78.0])),
    needs=words(Family.NEED, 3),
    attributes=words(Family.SITUATION, 2),
    barriers=words(Family.BARRIER, 2),
    possible=words(Family.NEED, 1),
    free=st.sampled_from([(), ("土日の夜",), ("平日 10:00-16:00",)]),
    readiness=st.sampled_from([None, "誰とも会いたくない", "見学ならできる"]),
)
cases_of_people = st.builds(
    Case,
    area=st.sampled_from([None, "みほん市", "どこか市"]),
    travel=st.sampled_from([Travel(), Travel(modes=("徒歩",), max_minutes=10)]),
    members=st.lists(members, max_size=3).map(tuple),
    already=st.sampled_from([(), ("地域包括支援センター",), ("保健師", "社会福祉協議会")]),
)


@pytest.fixture(scope="module")
def matcher(mihon: GraphStore, vocabulary: Vocabulary) -> Matcher:
    return open_matcher(mihon, vocabulary)


@pytest.fixture
def sparse(vocabulary: Vocabulary) -> Iterator[Matcher]:
    """A country with little in it, that a test may write to."""
    with closing(open_store("memory:")) as store:
        fill(store, RESOURCES, vocabulary)
        yield open_matcher(store, vocabulary)


@settings(max_examples=40)
@given(st.lists(cases_of_people, min_size=1, max_size=3))
def test_any_cases_end_where_their_whole_results_say(matcher: Matcher, cases: list[Case]) -> None:
    assert needs_of_cases(matcher, cases, on=DAY) == needs_by_whole_results(matcher, cases, DAY)


def test_made_up_households_miss_the_same_by_the_same_single_changes(
    sparse: Matcher, vocabulary: Vocabulary
) -> None:
    cases = households(vocabulary, RESOURCES, 40)
    found = needs_of_cases(sparse, cases, on=DAY)
    assert found == needs_by_whole_results(sparse, cases, DAY)
    outcomes = {need.outcome for need in found.asked}
    assert {Outcome.AVAILABLE, Outcome.WIDEN, Outcome.CREATE} <= outcomes


def test_what_is_kept_stays_within_its_bounds_and_changes_nothing(
    sparse: Matcher, vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = households(vocabulary, RESOURCES, 15)
    whole = needs_of_cases(sparse, [*cases, *cases], on=DAY)
    for name in ("_CARDS", "_CHANGES", "_QUESTIONS"):
        monkeypatch.setattr(answers, name, 3)
    assert needs_of_cases(sparse, [*cases, *cases], on=DAY) == whole


def test_the_same_people_asking_again_are_counted_again(
    sparse: Matcher, vocabulary: Vocabulary
) -> None:
    cases = households(vocabulary, RESOURCES, 5)
    once, twice = (needs_of_cases(sparse, some, on=DAY).asked for some in (cases, cases * 2))
    assert len(twice) == 2 * len(once)
    assert [replace(need, who="") for need in twice] == [replace(n, who="") for n in once] * 2
    assert len({need.who for need in twice}) == 2 * len({need.who for need in once})


def test_a_resource_deleted_since_the_index_was_made_answers_nothing(
    sparse: Matcher, vocabulary: Vocabulary
) -> None:
    cases = households(vocabulary, RESOURCES, 15)
    before = needs_of_cases(sparse, cases, on=DAY)
    gone = {
        shown.resource_id
        for case in cases
        for member in sparse.match(case, on=DAY).members
        for need in member.needs
        for shown in need.suggestions
    }
    with sparse.store.write(actor="test") as writer:
        writer.delete([Ref(NodeKind.RESOURCE, key) for key in sorted(gone)])
    after = needs_of_cases(sparse, cases, on=DAY)
    assert after == needs_by_whole_results(sparse, cases, DAY)
    assert after != before
