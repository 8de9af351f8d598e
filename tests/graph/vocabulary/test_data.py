"""What the shipped vocabulary must hold: counts, coverage, and the judgements it is built for."""

import pytest

from graph.vocabulary.concept import Family
from graph.vocabulary.lint import lint
from graph.vocabulary.protocol import Vocabulary
from graph.vocabulary.rules import NEED_HEADS

LEAST = {
    Family.NEED: 150,
    Family.CATEGORY: 150,
    Family.SITUATION: 80,
    Family.ACTIVITY: 100,
    Family.SETTING: 25,
    Family.BARRIER: 25,
    Family.ROLE: 25,
    Family.STEP: 20,
}


def test_nothing_to_put_right() -> None:
    assert lint() == []


@pytest.mark.parametrize("family", list(Family))
def test_counts(vocabulary: Vocabulary, family: Family) -> None:
    assert len(vocabulary.concepts(family)) >= LEAST[family]


def test_every_need_stands_under_one_of_the_14_heads(vocabulary: Vocabulary) -> None:
    for need in vocabulary.concepts(Family.NEED):
        top = (need.key, *vocabulary.ancestors(Family.NEED, need.key))[-1]
        assert top in NEED_HEADS, need.key


def test_head_labels_are_those_of_the_rules(vocabulary: Vocabulary) -> None:
    for key, label in NEED_HEADS.items():
        assert vocabulary.get(Family.NEED, key).label == label


def test_every_need_has_two_kinds_of_help_made_or_commonly_used_for_it(
    vocabulary: Vocabulary,
) -> None:
    thin = {
        need.key
        for need in vocabulary.concepts(Family.NEED)
        if sum(fit >= 0.3 for fit in vocabulary.answering(need.key).values()) < 2
    }
    assert thin <= {"no_registration", "funeral_cost"}


def test_no_category_answers_everything_well(vocabulary: Vocabulary) -> None:
    for category in vocabulary.concepts(Family.CATEGORY):
        strong = [link for link in category.answers if link.weight >= 0.8]
        assert len(strong) <= 10, category.key


def test_wam_and_billing_codes_are_two_systems(vocabulary: Vocabulary) -> None:
    def codes(system: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for category in vocabulary.concepts(Family.CATEGORY):
            for code in category.crosswalk.get(system, "").split(";"):
                if code:
                    assert code not in found, (system, code, category.key, found[code])
                    found[code] = category.key
        return found

    wam, billing = codes("wam_file"), codes("billing")
    assert wam["60"] == "shuro_iko"
    assert billing["43"] == "shuro_iko"
    assert wam["65"] == "houkago_day"
    assert billing["65"] == "jido_hattatsu"
    assert wam["61"] == "jiritsu_seikatsu_enjo"
    assert billing["61"] == "jido_hattatsu"
    assert "48" not in wam


def test_the_27_items_of_the_assessment_sheet_are_covered(vocabulary: Vocabulary) -> None:
    found = {
        code
        for situation in vocabulary.concepts(Family.SITUATION)
        for code in situation.crosswalk.get("checklist", "").split(";")
        if code
    }
    assert found == {f"{number:02}" for number in range(1, 28)}


@pytest.mark.parametrize(
    ("better", "worse", "need"),
    [
        ("food_bank", "salon", "food_today"),
        ("kyoju_shien", "jiritsu_sodan", "move_cheaper"),
        ("hikikomori_ibasho", "salon", "social_participation"),
        ("jukyo_kakuho", "seikatsu_fukushi_shikin", "rent_arrears"),
        ("nichijo_jiritsu", "kakei_kaizen", "money_management"),
        ("kakei_kaizen", "nichijo_jiritsu", "household_budget"),
        ("wakamono_ibasho", "salon", "youth_ibasho"),
        ("ikiiki_plaza", "wakamono_ibasho", "senior_ibasho"),
        ("young_carer_window", "gakushu_shien", "young_carer_support"),
        ("haigusha_boryoku", "police", "dv_safety"),
        ("shuro_b", "hello_work", "welfare_work"),
        ("library", "salon", "quiet_ibasho"),
        ("houmon_kango", "clinic", "medication"),
        ("kaigosha_no_kai", "salon", "family_peer"),
        ("gan_center", "hello_work", "return_to_work"),
    ],
)
def test_made_for_it_stands_before_merely_useful(
    vocabulary: Vocabulary, better: str, worse: str, need: str
) -> None:
    held = vocabulary.answering(need)
    assert held[better] > held.get(worse, 0.0)


@pytest.mark.parametrize(
    ("category", "need"),
    [
        ("salon", "food_today"),
        ("salon", "debt"),
        ("food_bank", "talk_partner"),
        ("kosodate_hiroba", "senior_ibasho"),
        ("tsusho_kaigo", "youth_ibasho"),
        ("hello_work", "suicidal"),
        ("gakudo", "job_search"),
    ],
)
def test_what_does_not_help_is_not_offered(
    vocabulary: Vocabulary, category: str, need: str
) -> None:
    assert (vocabulary.need_fit(category, need) or 0.0) < 0.15


def test_someone_who_meets_nobody_starts_with_the_family(vocabulary: Vocabulary) -> None:
    steps = [step.key for step, _ in vocabulary.steps([], ["hikikomori_refusing"])]
    order = ["family_entry", "regular_visits", "meet_in_person", "trust_step", "interest_search"]
    assert [key for key in steps if key in order] == order
    assert steps[0] == "family_entry"


@pytest.mark.parametrize(
    ("situation", "implied"),
    [
        ("young_carer", "young_carer_support"),
        ("family_8050", "after_parents"),
        ("double_care", "double_care_help"),
        ("homeless", "no_home_tonight"),
        ("dv_victim", "dv_safety"),
        ("gomi_yashiki", "hoarding"),
        ("ex_offender", "after_release"),
    ],
)
def test_a_situation_brings_its_needs(vocabulary: Vocabulary, situation: str, implied: str) -> None:
    links = vocabulary.get(Family.SITUATION, situation).implies
    assert implied in {link.key for link in links}


def test_being_refused_and_going_to_a_gathering_do_not_go_together(vocabulary: Vocabulary) -> None:
    gatherings = ("salon", "kayoi_no_ba", "ibasho", "chiiki_shokudo", "hobby_circle")
    for key in gatherings:
        unsuits = {link.key for link in vocabulary.get(Family.CATEGORY, key).unsuits}
        assert "hikikomori_refusing" in unsuits, key


def test_the_way_from_a_place_to_work(vocabulary: Vocabulary) -> None:
    def next_of(key: str) -> set[str]:
        return {link.key for link in vocabulary.get(Family.CATEGORY, key).leads_to}

    assert "volunteer_center" in next_of("ibasho")
    assert "nintei_shuro" in next_of("volunteer_center")
    assert "hello_work" in next_of("nintei_shuro")


def test_agencies_say_what_they_do_in_a_team(vocabulary: Vocabulary) -> None:
    silent = {
        category.key
        for category in vocabulary.concepts(Family.CATEGORY)
        if "agency" in category.traits and not category.facts.get("role_in_team")
    }
    assert silent == set()
