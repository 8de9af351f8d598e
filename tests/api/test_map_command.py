"""``tsunagu map --cases``: unmet needs by area, never on a public map."""

from pathlib import Path

import pytest

from api.cli import run
from ingest.samples import sample_folder


def test_unmet_needs_of_a_file_are_drawn(
    sample_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "m.html"
    cases = sample_folder() / "cases.jsonl"
    store = f"sqlite:///{sample_store}"
    assert run(["--store", store, "map", str(out), "--cases", str(cases)]) == 0
    told = capsys.readouterr().out
    line = next(x for x in told.splitlines() if "見つからなかった困りごと" in x)
    assert "地図 0件" not in line
    assert "MH-C-2026" not in out.read_text(encoding="utf-8")


def test_a_public_map_refuses_cases(sample_store: Path, tmp_path: Path) -> None:
    out = tmp_path / "m.html"
    cases = sample_folder() / "cases.jsonl"
    arguments = ["map", str(out), "--public", "--cases", str(cases)]
    assert run(["--store", f"sqlite:///{sample_store}", *arguments]) == 1
    assert not out.exists()
