"""The loaded vocabulary: reading, fits, likeness and steps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import NotFoundError
from graph.vocabulary.concept import Family
from graph.vocabulary.load import load_vocabulary
from graph.vocabulary.protocol import Vocabulary
from tests.graph.vocabulary.conftest import all_concepts

NEEDS = [need.key for need in load_vocabulary().concepts(Family.NEED)]


def test_every_label_synonym_and_reading_finds_its_concept(vocabulary: Vocabulary) -> None:
    for concept in all_concepts(vocabulary):
        for word in (concept.label, *concept.synonyms, *([concept.kana] if concept.kana else [])):
            reading = vocabulary.resolve(word, [concept.family])
            assert reading is not None, word
            assert reading.concept.key == concept.key, word
            assert reading.score == 1.0


def test_keys_are_read_too(vocabulary: Vocabulary) -> None:
    reading = vocabulary.resolve("ibasho", [Family.CATEGORY])
    assert reading is not None
    assert reading.concept.label == "居場所（だれでも）"
    assert reading.how == "key"


def test_the_case_of_the_interface_is_read_whole(vocabulary: Vocabulary) -> None:
    expected = {
        ("日中の居場所", Family.NEED): "ibasho",
        ("通院の再開", Family.NEED): "resume_treatment",
        ("ひきこもり", Family.SITUATION): "hikikomori",
        ("精神疾患", Family.SITUATION): "mental_disorder",
        ("釣り", Family.ACTIVITY): "fishing",
        ("機械いじり", Family.ROLE): "repair",
        ("人が多い場は苦手", Family.BARRIER): "crowds",
        ("交通費が出せない", Family.BARRIER): "travel_cost_barrier",
        ("会いたくない", Family.SITUATION): "hikikomori_refusing",
        ("あんしんケアセンター", Family.CATEGORY): "chiiki_hokatsu",
    }
    for (text, family), key in expected.items():
        reading = vocabulary.resolve(text, [family])
        assert reading is not None, text
        assert reading.concept.key == key, text


def test_the_surest_family_wins(vocabulary: Vocabulary) -> None:
    reading = vocabulary.resolve("ひきこもり", [Family.CATEGORY, Family.SITUATION])
    assert reading is not None
    assert reading.concept.family is Family.SITUATION


def test_suggestions_come_best_first_and_once_each(vocabulary: Vocabulary) -> None:
    found = vocabulary.suggest("居場所", [Family.NEED, Family.CATEGORY], limit=6)
    assert 1 < len(found) <= 6
    assert [r.score for r in found] == sorted((r.score for r in found), reverse=True)
    assert len({(r.concept.family, r.concept.key) for r in found}) == len(found)


@given(st.text(max_size=40))
def test_any_text_is_read_or_not_but_never_fails(text: str) -> None:
    reading = load_vocabulary().resolve(text, list(Family))
    assert reading is None or 0 < reading.score <= 1


@given(st.sampled_from(NEEDS), st.sampled_from(NEEDS))
def test_likeness_is_symmetric_and_bounded(left: str, right: str) -> None:
    vocabulary = load_vocabulary()
    likeness = vocabulary.need_similarity(left, right)
    assert 0 <= likeness <= 1
    assert likeness == pytest.approx(vocabulary.need_similarity(right, left))
    assert (likeness == 1) is (left == right)


def test_exact_fits_are_better_than_inherited_ones(vocabulary: Vocabulary) -> None:
    made_for_it = vocabulary.need_fit("koei_jutaku", "public_housing")
    inherited = vocabulary.need_fit("safetynet_jutaku", "public_housing")
    assert made_for_it == 1.0
    assert inherited is not None
    assert 0 < inherited < vocabulary.answering("find_housing")["safetynet_jutaku"]


def test_own_links_are_never_changed_by_inheritance(vocabulary: Vocabulary) -> None:
    for category in vocabulary.concepts(Family.CATEGORY):
        for link in category.answers:
            assert vocabulary.need_fit(category.key, link.key) == link.weight


def test_answering_and_need_fit_say_the_same(vocabulary: Vocabulary) -> None:
    for need in NEEDS[::7]:
        held = vocabulary.answering(need)
        for category in vocabulary.concepts(Family.CATEGORY):
            assert vocabulary.need_fit(category.key, need) == held.get(category.key)


def test_unknown_keys_are_told(vocabulary: Vocabulary) -> None:
    with pytest.raises(NotFoundError):
        vocabulary.get(Family.NEED, "nowhere")
    with pytest.raises(NotFoundError):
        vocabulary.need_fit("nowhere", "ibasho")
    with pytest.raises(NotFoundError):
        vocabulary.answering("nowhere")
    with pytest.raises(NotFoundError):
        vocabulary.ancestors(Family.NEED, "nowhere")


def test_steps_come_in_order_with_their_reason(vocabulary: Vocabulary) -> None:
    steps = vocabulary.steps(["ibasho"], ["hikikomori_refusing", "refuses_support", "unknown"])
    orders = [float(step.facts["order"]) for step, _ in steps]
    assert orders == sorted(orders)
    assert all(link.why for _, link in steps)
    assert len({step.key for step, _ in steps}) == len(steps)


def test_steps_of_what_stands_above_count_too(vocabulary: Vocabulary) -> None:
    own = {step.key for step, _ in vocabulary.steps([], ["hikikomori"])}
    below = {step.key for step, _ in vocabulary.steps([], ["hikikomori_refusing"])}
    assert own <= below


def test_the_version_follows_the_content(vocabulary: Vocabulary) -> None:
    assert vocabulary.version == load_vocabulary().version
    assert len(vocabulary.version) == 16
