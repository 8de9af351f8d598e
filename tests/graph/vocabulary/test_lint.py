"""A broken entry is refused, and the refusal says what to do."""

from pathlib import Path

import pytest

from graph.errors import VocabularyError
from graph.vocabulary.__main__ import main
from graph.vocabulary.lint import lint
from graph.vocabulary.load import load_vocabulary

GOOD = """concepts:
  tea_house:
    label: 茶の会の家
    definition: 茶を飲む家。
    facts: {law: インフォーマル, field: 地域, usual_target: どなたでも, usual_cost: 無料}
    answers: {talk_partner: 0.4 話せる}
"""


def whats(folder: Path, file: str, text: str) -> str:
    (folder / file).write_text(text, encoding="utf-8")
    return "\n".join(str(problem) for problem in lint(folder))


def test_a_good_entry_is_taken(data: Path) -> None:
    assert whats(data, "categories/tea.yaml", GOOD) == ""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("talk_partner: 0.4 話せる", "talk_partnr: 0.4 話せる", "「talk_partnr」がありません"),
        ("talk_partner: 0.4 話せる", "talk_partner: 1.4 話せる", "範囲の外です"),
        ("talk_partner: 0.4 話せる", "talk_partner: 0 話せる", "範囲の外です"),
        ("talk_partner: 0.4 話せる", "talk_partner: 0.4", "理由がありません"),
        ("talk_partner: 0.4 話せる", "talk_partner: よく合う", "重み（0から1の数）ではありません"),
        ("    definition: 茶を飲む家。\n", "", "説明（definition）がありません"),
        ("    label: 茶の会の家\n", "", "表示名（label）がありません"),
        ("law: インフォーマル, ", "", "facts）の law がありません"),
        ("{talk_partner: 0.4 話せる}", "{}", "どの困りごとにも応えていません"),
        ("label: 茶の会の家", "label: フードバンク", "「フードバンク」（food_bank）の言葉"),
        ("  tea_house:", "  Tea-House:", "見出しの形がちがいます"),
        ("  tea_house:", "  food_bank:", "同じ見出しが"),
        ("    facts:", "    broader: nowhere\n    facts:", "「nowhere」がありません"),
        ("    facts:", "    broader: tea_house\n    facts:", "自分に戻ります"),
        ("    facts:", "    traits: [cosy]\n    facts:", "「cosy」はありません"),
        ("usual_cost: 無料", "usual_cost: 無料, min_age: 六十", "数ではありません"),
        ("usual_cost: 無料", "usual_cost: 無料, eligible: [nobody]", "eligible の「nobody」"),
        ("usual_cost: 無料", "usual_cost: 無料, eligible_only: true", "eligible がありません"),
        ("    facts:", "    crosswalk: {billing: 4}\n    facts:", "桁数がちがいます"),
        ("    facts:", "    crosswalk: {wam: '04'}\n    facts:", "「wam」はありません"),
        ("    facts:", "    synonyms: [8050]\n    facts:", "言葉でない値"),
        ("    facts:", "    synonyms: 茶会の家\n    facts:", "並びになっていません"),
        ("    facts:", "    colour: 赤\n    facts:", "「colour」という項目はありません"),
        ("    facts:", "    implies: {debt: 0.4 x}\n    facts:", "implies は書けません"),
        ("    facts:", "    suits: {nobody: 0.4 x}\n    facts:", "「nobody」がありません"),
        ("    label:", "    label: 茶の家\n    label:", "二度書かれています"),
        ("concepts:", "concept:", "概念がありません"),
        ("    facts: {", "    facts: {{", "YAMLとして読めません"),
    ],
)
def test_a_broken_entry_is_refused(data: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    assert said in whats(data, "categories/tea.yaml", GOOD.replace(old, new, 1))


def test_both_suited_and_unsuited(data: Path) -> None:
    both = "    suits: {elderly: 0.4 a}\n    unsuits: {elderly: 0.4 b}\n    facts:"
    text = GOOD.replace("    facts:", both)
    assert "両方にあります" in whats(data, "categories/tea.yaml", text)


def test_a_need_nobody_answers(data: Path) -> None:
    text = (
        "concepts:\n  moon:\n    label: 月に行く\n    definition: 月へ。\n    broader: mobility\n"
    )
    assert "応える資源の種類がありません" in whats(data, "needs/moon.yaml", text)


def test_a_need_outside_the_heads(data: Path) -> None:
    text = (
        "concepts:\n  moon:\n    label: 月に行く\n    definition: 月へ。\n"
        "    answered_by: {isou: 0.5 送る}\n"
    )
    assert "14の柱のどれにも入っていません" in whats(data, "needs/moon.yaml", text)


def test_answered_by_an_unknown_category(data: Path) -> None:
    text = (
        "concepts:\n  moon:\n    label: 月に行く\n    definition: 月へ。\n    broader: mobility\n"
        "    answered_by: {rocket: 0.5 送る}\n"
    )
    assert "「rocket」という資源の種類はありません" in whats(data, "needs/moon.yaml", text)


def test_the_same_link_written_on_both_sides(data: Path) -> None:
    path = data / "needs" / "mobility.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace(
        "    label: 買い物\n", "    label: 買い物\n    answered_by: {kaimono_shien: 0.5 送る}\n", 1
    )
    path.write_text(text, encoding="utf-8")
    assert any("どちらか一方にだけ" in str(problem) for problem in lint(data))


def test_a_cycle_far_up_is_found(data: Path) -> None:
    text = (
        "concepts:\n"
        "  a1: {label: い, definition: x, broader: b1}\n"
        "  b1: {label: ろ, definition: x, broader: a1}\n"
    )
    assert "自分に戻ります" in whats(data, "roles/loop.yaml", text)


def test_a_lost_head_and_a_file_in_the_wrong_place(data: Path) -> None:
    (data / "needs" / "home.yaml").unlink()
    (data / "stray.yaml").write_text("concepts: {}", encoding="utf-8")
    said = "\n".join(str(problem) for problem in lint(data))
    assert "柱「片付け・動物」がありません" in said
    assert "置き場所がちがいます" in said


def test_another_encoding_is_told(data: Path) -> None:
    (data / "roles" / "sjis.yaml").write_bytes("concepts:\n  x1: {label: 役}".encode("cp932"))
    assert any("UTF-8ではありません" in str(problem) for problem in lint(data))


def test_loading_gathers_every_fault_before_it_complains(data: Path) -> None:
    (data / "categories" / "a.yaml").write_text(
        GOOD.replace("    definition: 茶を飲む家。\n", "").replace("0.4", "4"), encoding="utf-8"
    )
    with pytest.raises(VocabularyError) as caught:
        load_vocabulary(data)
    problems = caught.value.facts["problems"]
    assert isinstance(problems, list)
    assert len(problems) == 2
    assert all(problem.file == "categories/a.yaml" for problem in problems)
    assert "categories/a.yaml「tea_house」" in str(caught.value)


def test_the_command_prints_and_fails(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(data)]) == 0
    assert "直すところはありません" in capsys.readouterr().out
    (data / "categories" / "tea.yaml").write_text(GOOD.replace("law", "lew"), encoding="utf-8")
    assert main([str(data)]) == 1
    said = capsys.readouterr().out
    assert "categories/tea.yaml「tea_house」" in said
    assert "直すところが2件あります。" in said
