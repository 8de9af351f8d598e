"""採点の道具：どの数も、わざと外した答えでは下がる。"""

from benchmarks.bm25 import Bm25
from benchmarks.cases import read_cases
from benchmarks.quality_intake import needs_tally
from benchmarks.quality_labels import Labels
from benchmarks.quality_rank import Town, rank_tally
from graph.model.resource import Resource
from graph.vocabulary.load import load_vocabulary
from matching.intake import Intake, read_memo

CASE = next(case for case in read_cases() if case.id == "hitori-03")


def test_recall_counts_kinds_within_the_first_ten() -> None:
    labels = Labels(load_vocabulary())
    town = Town(present=frozenset({"food_bank", "jiritsu_sodan", "hitorioya_center", "salon"}))
    assert town.present
    best = rank_tally(CASE, ["food_bank", "jiritsu_sodan"], labels, town)
    late = rank_tally(CASE, ["salon"] * 10 + ["food_bank"], labels, town)
    assert best.at_five >= 2
    assert late.at_ten == 0
    assert late.missing


def test_a_kind_the_town_lacks_or_that_is_involved_is_not_asked_for() -> None:
    labels = Labels(load_vocabulary())
    assert rank_tally(CASE, [], labels, Town(present=frozenset())).wanted == 0
    involved = Town(present=frozenset({"jiritsu_sodan"}), involved=frozenset({"jiritsu_sodan"}))
    assert rank_tally(CASE, [], labels, involved).wanted == 0


def test_needs_are_missed_when_nothing_is_read() -> None:
    labels = Labels(load_vocabulary())
    memo = CASE.case.memo or ""
    assert needs_tally(CASE, read_memo(memo, load_vocabulary()), labels).recall > 0.5
    empty = needs_tally(CASE, Intake(), labels)
    assert (empty.right, empty.recall) == (0, 0.0)


def test_plain_search_prefers_rare_words_and_is_stable() -> None:
    resources = [
        Resource(id="a", name="囲碁サロン", description="囲碁を楽しむ集まり"),
        Resource(id="b", name="体操サロン", description="体操をする集まり"),
        Resource(id="c", name="フードバンク", description="食料を無償で渡す"),
    ]
    found = Bm25(resources, load_vocabulary()).search("囲碁の集まりに行きたい", 3)
    assert [hit.resource.id for hit in found] == ["a", "b"]
    assert found[0].score > found[1].score > 0
