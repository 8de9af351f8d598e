"""意味の近さ：例にない言い方を勧め、まわりと合わない読みを控えめにし、言われたこととは数えない。"""

from importlib.resources import files

import pytest
import yaml

from graph.vocabulary.concept import Family
from graph.vocabulary.load import load_vocabulary
from matching.intake import read_memo
from matching.intake.meaning import FAMILIES, NOTHING, clear, guesses, learned, support
from matching.intake.model import Certainty
from matching.intake.read import POSSIBLE_AT_MOST, POSSIBLE_FROM
from matching.intake.words import read_words

VOCABULARY = load_vocabulary()
SAYINGS = files("matching.intake").joinpath("data", "sayings")


def _sayings(name: str) -> dict[str, list[str]]:
    data: dict[str, list[str]] = yaml.safe_load(SAYINGS.joinpath(name).read_text(encoding="utf-8"))
    return data


@pytest.mark.parametrize(
    ("family", "name"), [(Family.NEED, "needs.yaml"), (Family.SITUATION, "situations.yaml")]
)
def test_every_example_belongs_to_a_concept_and_has_been_learned(family: Family, name: str) -> None:
    sayings = _sayings(name)
    known = {c.key for c in VOCABULARY.concepts(family)}
    assert not set(sayings) - known
    assert set(learned().tables[family].keys) == {*sayings, NOTHING}
    assert not [key for key, texts in sayings.items() if len(texts) < 10]


def test_nearly_every_need_people_have_has_examples() -> None:
    told = {c.key for c in VOCABULARY.concepts(Family.NEED) if c.broader is not None}
    assert len(told - set(_sayings("needs.yaml"))) <= len(told) // 20


@pytest.mark.parametrize(
    ("memo", "need"),
    [
        ("免許を返してから畑へも店へも出られず、タクシー代ばかりかかる。", "移動の足"),
        ("カードの支払いを別のカードで埋めて、利息ばかり払っている。", "借金・債務整理"),
    ],
)
def test_a_new_wording_is_near_its_need(memo: str, need: str) -> None:
    found = guesses(read_words(memo), VOCABULARY, least=0.2, most=3)
    assert need in {g.concept.label for g in found}


def test_a_sentence_about_nothing_gives_nothing_clear() -> None:
    memo = read_words("来週の火曜日にまた電話する約束をして、面談を終えた。")
    near = guesses(memo, VOCABULARY, least=POSSIBLE_FROM, most=3)
    assert not list(clear(near, []))


def test_what_was_read_is_not_guessed_again() -> None:
    memo = read_words("免許を返してから、バスも来ない坂の上で、どこへも出られない。")
    near = guesses(memo, VOCABULARY, least=0.0, most=1)
    assert near
    whole = (0, len(memo.text))
    assert not list(clear(near, [whole]))


def test_possible_needs_are_offered_and_never_taken() -> None:
    memo = "80代の女性。バスは日に二本で、帰りの便がない。店が遠くて米が持って上がれない。"
    intake = read_memo(memo, VOCABULARY)
    offered = [f for f in intake.findings if f.certainty is Certainty.POSSIBLE]
    assert len(offered) <= POSSIBLE_AT_MOST + sum(f.certainty is Certainty.STATED for f in offered)
    assert not any(f.taken or f.urgent for f in offered)
    member = intake.to_case().members[0]
    assert set(member.possible) == {f.label for f in offered if f.field == "needs"}
    assert not set(member.possible) & set(member.needs)


def test_an_emergency_is_never_doubted() -> None:
    memo = "食べるものがないと言いながら、囲碁の話を楽しそうにして帰った。"
    intake = read_memo(memo, VOCABULARY)
    assert "今日食べるものがない" in {f.label for f in intake.emergencies}


def test_the_surroundings_speak_for_or_against_a_reading() -> None:
    memo = read_words("バスの便がなくて病院に通えない。孫は学校で囲碁を習っている。")
    key = next(c.key for c in VOCABULARY.concepts(Family.NEED) if c.label == "移動の足")
    here = support(memo, 0, 2, key)
    there = support(memo, memo.text.index("囲碁"), memo.text.index("囲碁") + 2, key)
    assert here is not None
    assert there is not None
    assert here > 10 * there


def test_the_tables_hold_every_class_for_every_word() -> None:
    known = learned()
    for family in FAMILIES:
        table = known.tables[family]
        assert table.scores.shape == (len(known.weight), len(table.keys))
        assert len(table.bias) == len(table.scale) == len(table.keys)


@pytest.mark.parametrize(
    "memo",
    [
        "62歳男性。お金の心配はない。",
        "収入の心配はなく、生活費の心配もない。",
        "食事に不自由はしていない。",
    ],
)
def test_no_trouble_is_no_need(memo: str) -> None:
    intake = read_memo(memo, VOCABULARY)
    assert not [f.label for f in intake.findings if f.taken and f.field == "needs"]


def test_no_trouble_in_one_sentence_leaves_the_next_alone() -> None:
    intake = read_memo("妻を亡くした男性。家賃を滞納している。仕事の心配はない。", VOCABULARY)
    taken = {f.label for f in intake.findings if f.taken}
    assert {"家族を亡くした", "家賃の滞納"} <= taken


def test_who_writes_is_nobody_of_the_house() -> None:
    memo = "民生委員より。82歳の母と54歳の長男の二人暮らし。わたしは長男の顔を見たことがない。"
    assert [m.role for m in read_memo(memo, VOCABULARY).members] == ["母", "長男"]
