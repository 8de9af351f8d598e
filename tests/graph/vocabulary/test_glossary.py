"""The glossary page is made from the data and is current."""

from pathlib import Path

import pytest

from graph.vocabulary.concept import Family
from graph.vocabulary.glossary import glossary, main
from graph.vocabulary.protocol import Vocabulary

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "glossary.md"


def test_the_page_is_current(vocabulary: Vocabulary) -> None:
    assert PAGE.read_text(encoding="utf-8") == glossary(vocabulary), (
        ".venv/bin/python -m graph.vocabulary.glossary docs/reference/glossary.md で作り直してください。"
    )


def test_every_concept_is_on_the_page(vocabulary: Vocabulary) -> None:
    text = glossary(vocabulary)
    for family in Family:
        for concept in vocabulary.concepts(family):
            assert f"| {concept.label} | `{concept.key}` |" in text


def test_the_command_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "a" / "b.md")]) == 0
    assert (tmp_path / "a" / "b.md").read_text(encoding="utf-8").startswith("# 用語集")
    assert main([]) == 2
    assert "書き出す先" in capsys.readouterr().err
