"""Alarms and refusals in sentences written before the rules were widened, as shares of the lists."""

from functools import cache
from pathlib import Path

import pytest
import yaml

from graph.vocabulary.load import load_vocabulary
from matching.intake import Intake, read_memo

TOLD = yaml.safe_load((Path(__file__).parent / "told.yaml").read_text(encoding="utf-8"))
#: A sentence may be read as either of these.
NEAR = {
    "suicidal": {"suicide_risk"},
    "food_today": {"no_food"},
    "no_home_tonight": {"homeless", "eviction"},
    "dv_safety": {"dv_victim"},
    "child_safety": {"abused_child"},
    "elder_abuse": {"abused_adult", "family_violence"},
    "mental_crisis": {"family_violence"},
}


@cache
def read(text: str) -> Intake:
    return read_memo(text, load_vocabulary())


def not_ready(text: str) -> bool:
    return any(member.readiness for member in read(text).members)


def alarmed(key: str, text: str) -> bool:
    return bool({f.key for f in read(text).emergencies} & {key, *NEAR.get(key, ())})


def test_nineteen_of_twenty_emergencies_are_found() -> None:
    missed = [t for key, texts in TOLD["alarms"].items() for t in texts if not alarmed(key, t)]
    told = sum(map(len, TOLD["alarms"].values()))
    assert len(missed) <= told * 0.05, missed


def test_few_false_alarms() -> None:
    false = [text for text in TOLD["no_alarm"] if read(text).emergencies]
    assert len(false) <= len(TOLD["no_alarm"]) * 0.1, false


def test_who_is_not_ready_is_not_sent_among_people() -> None:
    missed = [text for text in TOLD["not_ready"] if not not_ready(text)]
    assert len(missed) <= len(TOLD["not_ready"]) * 0.1, missed


def test_who_refuses_nothing_is_not_held_back() -> None:
    wrong = [text for text in TOLD["not_refusing"] if not_ready(text)]
    assert len(wrong) <= len(TOLD["not_refusing"]) * 0.1, wrong


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("30歳男性。部屋にひきこもっている。", True),
        ("30歳男性。部屋にひきこもっている。同年代の仲間がほしいと話す。", False),
        ("30歳男性。部屋にひきこもっている。友人もいない。", True),
        ("30歳男性。仲間がほしいが、「誰とも会いたくない」とも言う。", True),
    ],
)
def test_only_who_asks_for_company_is_sent_among_people(text: str, held: bool) -> None:
    """A friend that is missed is no wish; a wish doesn't outweigh a refusal."""
    assert not_ready(text) is held


def test_the_case_names_why_somebody_is_not_ready() -> None:
    case = read("30歳男性。部屋にひきこもっている。友人もいない。").to_case()
    assert case.members[0].readiness == "ひきこもり"


def test_the_reading_does_not_hang_on_chance() -> None:
    """A word that is both a synonym and a turn of phrase is always read as the same one."""
    intake = read("若年性認知症の相談で来所。本人（53歳・女性）は一人暮らし。")
    assert "young_onset_dementia" in {f.key for f in intake.findings if f.taken}


def test_what_the_mother_tells_of_her_son_is_his() -> None:
    intake = read(
        "82歳の母親と54歳の息子の二人暮らし。息子が部屋から出てこない。"
        "母親に聞くと、会社を辞めてから二十年近く家にいるという。"
    )
    son = next(m for m in intake.members if m.role == "息子")
    assert "unemployed" in {f.key for f in son.findings if f.taken}


def test_somebody_called_by_their_way_of_life_is_the_principal() -> None:
    intake = read("29歳のシングルマザー。小1と4歳の子がいる。昼も夜も働いている。")
    first = intake.members[0]
    assert (first.role, first.age, first.gender) == ("本人", 29, "女性")


def test_a_grown_up_is_no_pupil() -> None:
    intake = read("52歳の次男は中学の頃から不登校で、その後ずっと家にいる。")
    assert "school_nonattendance" not in {f.key for f in intake.findings if f.taken}


def test_an_alarm_for_somebody_the_memo_does_not_know_is_none() -> None:
    assert read("45歳男性。消防団の訓練で腕にあざができた。").emergencies == ()
    brothers = read("知的障害のある弟が兄から日常的に殴られている。").emergencies
    assert "dv_safety" not in {f.key for f in brothers}
    assert brothers


def test_making_a_living_is_a_matter_of_the_grown_ups() -> None:
    intake = read("36歳女性。5歳の子どもと二人暮らし。子どもの前では言えないが生活費が足りない。")
    parent = next(m for m in intake.members if m.age == 36)
    assert "living_cost" in {f.key for f in parent.findings if f.taken}
