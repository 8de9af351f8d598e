"""相談メモの読み取り：だれの、何が、どの言葉から。"""

import json
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.vocabulary.concept import Family
from graph.vocabulary.load import load_vocabulary
from matching.case import Case, Member
from matching.intake import Intake, IntakeMember, Saying, Time, read_memo
from matching.result import to_json

EMERGENCIES = yaml.safe_load(
    (Path(__file__).parent / "emergencies.yaml").read_text(encoding="utf-8")
)


@cache
def read(text: str) -> Intake:
    return read_memo(text, load_vocabulary())


def member(intake: Intake, role: str) -> IntakeMember:
    return next(m for m in intake.members if m.role == role)


def taken(intake: Intake, role: str, field: str) -> set[str]:
    return {f.key for f in member(intake, role).findings if f.taken and f.field == field}


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [(keys, s) for keys, sentences in EMERGENCIES["found"].items() for s in sentences],
)
def test_an_emergency_is_found_and_comes_first(keys: str, sentence: str) -> None:
    assert {e.key for e in read(sentence).emergencies} & set(keys.split("|"))


@pytest.mark.parametrize("sentence", EMERGENCIES["not_found"])
def test_what_is_denied_or_past_is_no_emergency(sentence: str) -> None:
    assert read(sentence).emergencies == ()


def test_money_keeps_somebody_from_the_doctor() -> None:
    stopped = read("母は体調が悪いが、お金の心配で受診をやめている。")
    assert "medical_cost" in taken(stopped, "母", "needs")


def test_two_members_and_whose_each_thing_is() -> None:
    intake = read(
        "80代の母と60代の息子の二人暮らし。息子は精神疾患があり、ひきこもっている。"
        "母は買い物に行けない。息子は「誰とも会いたくない」と言う。"
    )
    assert [(m.role, m.age_band) for m in intake.members] == [("母", "80代"), ("息子", "60代")]
    assert intake.household_size == 2
    assert taken(intake, "母", "needs") == {"shopping"}
    assert {"hikikomori", "mental_disorder"} <= taken(intake, "息子", "attributes")
    assert "family_8050" in taken(intake, "息子", "attributes")
    readiness = member(intake, "息子").readiness
    assert readiness is not None
    assert "会いたくない" in readiness.text


def test_ages_in_the_ways_they_are_written() -> None:
    intake = read("母（82）、長男54歳、次男は中2。八十三歳の祖母も同居。")
    assert (member(intake, "母").age, member(intake, "長男").age) == (82, 54)
    assert member(intake, "次男").age_band == "中2"
    assert member(intake, "祖母").age == 83


def test_the_carer_owns_the_care_not_the_one_cared_for() -> None:
    intake = read("57歳男性。母の介護で仕事を辞めた。母は要介護4。")
    assert "care_level_3_up" in taken(intake, "母", "attributes")
    assert "care_leaver_job" in taken(intake, "本人", "attributes")


def test_the_one_who_is_harmed_is_not_the_one_who_harms() -> None:
    intake = read("31歳、乳児と夫の三人。夫は機嫌が悪いと壁を蹴り、私の髪をつかみます。")
    assert "dv_safety" in taken(intake, "本人", "needs")
    assert "dv_victim" not in taken(intake, "夫", "attributes")


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        ("就労は希望しない。", "job_search"),
        ("借金はない。", "debt"),
        ("認知症とかそういうのは全然なくて頭ははっきりしている。", "dementia"),
        ("生活保護は受けていない。", "welfare_recipient"),
    ],
)
def test_negation(sentence: str, key: str) -> None:
    assert key not in {f.key for f in read(sentence).findings if f.taken}


def test_a_lack_is_a_need_and_not_a_denial() -> None:
    assert "ibasho" in {f.key for f in read("家以外に居場所がない。").findings if f.taken}
    assert "no_certificate" in {f.key for f in read("手帳は持っていない。").findings if f.taken}


@pytest.mark.parametrize("wanted", ["要る", "要ります", "要する", "必要"])
def test_what_is_called_for_is_a_need(wanted: str) -> None:
    (member,) = read(f"54歳の長男。日中の居場所と通院の再開が{wanted}。").members
    assert {f.label for f in member.findings if f.taken} >= {"日中の居場所", "通院の再開"}


def test_what_is_not_called_for_is_no_need() -> None:
    (member,) = read("54歳の長男。日中の居場所は要りません。").members
    assert not any(f.taken and f.field == "needs" for f in member.findings)


def test_past_is_told_apart_from_now() -> None:
    finding = next(
        f for f in read("以前は不登校だった。").findings if f.key == "school_nonattending"
    )
    assert finding.time is Time.PAST
    assert not finding.taken


def test_who_says_it() -> None:
    intake = read("母（63歳）からの相談。長男33歳がひきこもり。長男は「死にたい」と言う。")
    assert intake.reporter is not None
    assert intake.reporter.label == "母"
    quoted = next(f for f in intake.findings if f.key == "suicidal")
    assert (quoted.quoted, quoted.speaker, quoted.member) == (
        True,
        "長男",
        member(intake, "長男").id,
    )
    told = next(f for f in intake.findings if f.key == "hikikomori")
    assert told.said_by is Saying.CONSULTER


def test_agencies_that_are_involved() -> None:
    intake = read(
        "地域包括支援センターからの相談。訪問看護を利用中。デイサービスには行きたがらない。"
    )
    involved = {a.key for a in intake.already if a.involved}
    assert "chiiki_hokatsu" in involved
    assert "houmon_kango" in involved
    assert intake.to_case().already


@pytest.mark.parametrize(
    ("text", "secret", "kind"),
    [
        ("鈴木一郎さんから相談。買い物に行けない。", "鈴木一郎", "name"),
        ("電話は090-1234-5678。買い物に行けない。", "090-1234-5678", "phone"),
        ("メールは a.b@example.jp まで。", "a.b@example.jp", "mail"),
        ("昭和15年3月4日生まれの母。", "昭和15年3月4日", "birthday"),
        ("被保険者番号 1234567890 の母。", "1234567890", "number"),
        ("本町3丁目2-1コーポ201号室の男性。", "2-1", "address"),
        ("氏名：田中 花子　72歳", "田中 花子", "name"),
    ],
)
def test_personal_data_is_masked_and_never_handed_back(text: str, secret: str, kind: str) -> None:
    intake = read(text)
    assert kind in {m.kind for m in intake.masked}
    assert secret not in json.dumps(to_json(intake), ensure_ascii=False)
    assert secret not in str(intake.to_case())
    assert len(intake.memo) == len(text)


def test_titles_and_places_are_no_names() -> None:
    assert read("ヘルパーさんと民生委員さんが本町の息子さん宅を訪ねた。").masked == ()


@pytest.mark.parametrize("text", ["", "   \n "])
def test_an_empty_memo_gets_a_message(text: str) -> None:
    intake = read(text)
    assert intake.members == ()
    assert "空" in intake.messages[0]


def test_another_language_gets_a_message_and_nothing_invented() -> None:
    english = read("My mother is 80 and cannot go shopping. We have no food.")
    assert "日本語でないメモ" in english.messages[0]
    assert english.findings == ()
    assert "中国語" in read("母亲八十岁不能去购物没有食物需要帮助").messages[0]


def test_a_long_spoken_record_is_read() -> None:
    spoken = (
        "えーとですねまああのー八十三歳の女性で一人暮らしなんですけれども話し相手がいないっていうことで"
        * 40
    )
    intake = read(spoken)
    assert len(spoken) > 1500
    assert {"talk_partner"} <= {f.key for f in intake.findings if f.taken}


def test_to_case_keeps_what_a_person_has_written() -> None:
    base = Case(area="東区", members=(Member(id="x", role="母", age=81, needs=("見守り",)),))
    case = read("母82歳。買い物に行けない。息子54歳はひきこもり。").to_case(base)
    assert case.area == "東区"
    assert [m.id for m in case.members] == ["x"]
    assert case.members[0].age == 81
    assert case.members[0].needs[0] == "見守り"
    assert "買い物" in case.members[0].needs


@settings(max_examples=60, deadline=None)
@given(
    st.text(
        alphabet="母息子82歳代のはがを、。「」ない死にたい食べるものひきこもり買い物行けず＊ \n",
        max_size=120,
    )
)
def test_no_span_no_concept(text: str) -> None:
    intake = read_memo(text, load_vocabulary())
    vocabulary = load_vocabulary()
    for finding in intake.findings:
        assert intake.memo[finding.start : finding.end] == finding.text
        assert finding.text.strip()
        assert vocabulary.get(Family(finding.family), finding.key).label == finding.label
        assert finding.member in {m.id for m in intake.members}
