"""The how-to of the import, executed as it is written, and the command line beside the screens."""

import re
import shlex
from pathlib import Path

import openpyxl
import pytest

from api.cli import run
from tests.conftest import ROOT

_HOWTO = ROOT / "docs" / "howto" / "import.md"
_ODD = "よびな,れんらく\nあさひ会,内線1\nほっと会,内線2\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TSUNAGU_STORE", f"sqlite:///{tmp_path / 'store' / 's.sqlite3'}")
    return tmp_path


def test_the_how_to_of_unknown_headings_works_as_written(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = _HOWTO.read_text(encoding="utf-8")
    part = text[text.index("## 見慣れない見出しの一覧") : text.index("## 取り込めなかった行を直す")]
    table = re.findall(r"```csv\n(.*?)```", part, re.DOTALL)[0]
    (here / "サロン調べ.csv").write_text(table, encoding="utf-8")
    commands = re.findall(r"^\$ tsunagu (.+)$", part, re.MULTILINE)
    assert len(commands) == 3
    said = []
    for command in commands:
        assert run(shlex.split(command)) == 0
        said.append(capsys.readouterr().out)
    assert "見慣れない見出しです" in said[0]
    assert "れんらく先" in said[0]
    assert "値の100%が" in said[0]
    assert "見慣れない見出し" not in said[2]
    saved = (here / "store" / "mappings" / "社協サロン調べ.toml").read_text(encoding="utf-8")
    assert 'schedule = ["{いつ} {なんじから}"]' in saved
    assert (here / "却下.xlsx").exists()


def test_a_list_without_a_name_is_refused_with_its_columns(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "謎.csv").write_text(_ODD, encoding="utf-8")
    assert run(["import", "謎.csv", "--yes"]) == 1
    told = capsys.readouterr()
    assert "よびな" in told.out
    assert "--column 名称=" in told.err
    assert run(["import", "謎.csv", "--yes", "--column", "名称=よびな"]) == 0
    assert not (here / "store" / "mappings").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--column", "名称"], "書き方がちがいます"),
        (["--column", "名称=ない列"], "見出しにない列です"),
        (["--column", "まぼろし=よびな"], "という項目はありません"),
        (["--column", "名称=よびな", "--kind", "areas", "--save-mapping", " "], "名前が空です"),
    ],
)
def test_a_correction_that_cannot_be_is_told(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    (here / "謎.csv").write_text(_ODD, encoding="utf-8")
    assert run(["import", "謎.csv", "--dry-run", *arguments]) == 1
    assert words in capsys.readouterr().err


def test_a_known_list_is_not_mapped_again(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "台帳.csv").write_text("資源ID,名称\nR1,会\n", encoding="utf-8")
    assert run(["import", "台帳.csv", "--dry-run", "--save-mapping", "x"]) == 1
    assert "見慣れない見出しの表がありません" in capsys.readouterr().err


def test_a_saved_mapping_is_corrected_and_a_broken_one_told(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "謎.csv").write_text(_ODD, encoding="utf-8")
    saving = ["import", "謎.csv", "--dry-run", "--save-mapping", "謎"]
    assert run([*saving, "--column", "名称=よびな"]) == 0
    assert run([*saving, "--column", "備考=れんらく"]) == 0
    folder = here / "store" / "mappings"
    (path,) = folder.glob("*.toml")
    text = path.read_text(encoding="utf-8")
    assert 'name = ["よびな"]' in text
    assert 'note = ["れんらく"]' in text
    (folder / "壊.toml").write_text("label = ", encoding="utf-8")
    assert run(["import", "謎.csv", "--yes"]) == 0
    assert "対応表「壊.toml」を読めません" in capsys.readouterr().err


def test_rejects_as_a_workbook(here: Path) -> None:
    (here / "台帳.csv").write_text("資源ID,名称,電話\n,,0401110001\nR1,会,\n", encoding="utf-8")
    assert run(["import", "台帳.csv", "--yes", "--rejects", "直す.xlsx"]) == 0
    sheet = openpyxl.load_workbook(here / "直す.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[2]][5] == "0401110001"
