"""The command line: one sentence for every fault, JSON alone on standard output, exit codes."""

import io
import json
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from api.cli import all_commands, run
from ingest.samples import sample_folder

CASE = {
    "area": "川辺区",
    "on": "2026-11-20",
    "members": [{"id": "m1", "age": 70, "needs": ["話し相手"]}],
}


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TSUNAGU_TODAY", "2026-11-20")
    monkeypatch.setenv("TSUNAGU_CACHE", str(tmp_path / "index"))


@pytest.fixture
def store(sample_store: Path) -> str:
    return f"sqlite:///{sample_store}"


def _stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))


def _case_file(folder: Path, value: object) -> str:
    path = folder / "case.json"
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return str(path)


def test_every_command_of_the_interface_is_there() -> None:
    named = {command.name for command in all_commands()}
    assert named >= {
        "import",
        "match",
        "why",
        "intake",
        "gaps",
        "map",
        "export",
        "serve",
        "doctor",
        "backup",
        "restore",
        "migrate",
        "bench",
    }


@pytest.mark.parametrize("name", [command.name for command in all_commands()])
def test_every_command_has_japanese_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    said = capsys.readouterr().out
    assert "使い方" in said
    assert "Show this message" not in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing"], "命令「nothing」はありません"),
        (["match"], "足りません"),
        (["match", "x.json", "--tpo", "3"], "--top"),
        (["match", "x.json", "--top", "abc"], "使えません"),
        (["match", "x.json", "y.json"], "余分な引数"),
        (["match", "x.json", "--on"], "--on"),
        (["why", "x"], "--case"),
    ],
)
def test_wrong_usage_is_told_in_japanese(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    told = capsys.readouterr()
    assert words in told.err
    assert "--help" in told.err
    assert told.out == ""


def test_a_list_of_cases_gives_a_list_of_results(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _case_file(tmp_path, [CASE, CASE])
    assert run(["--store", store, "match", path, "--json", "--top", "3"]) == 0
    results = json.loads(capsys.readouterr().out)
    assert len(results) == 2
    assert results[0] == results[1]
    assert len(results[0]["ranking"]) <= 3


def test_standard_input_is_read(
    store: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _stdin(monkeypatch, json.dumps(CASE).encode())
    assert run(["--store", store, "match", "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["members"][0]["id"] == "m1"


def test_a_readable_table_without_json(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--store", store, "match", _case_file(tmp_path, CASE)]) == 0
    assert "世帯への候補" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空です"),
        (b"   \n", "空です"),
        (b"{ memo: ", "JSONとして読めません"),
        (b"[]", "一件もありません"),
        (b"{}", "世帯員も相談メモも"),
        (b'"memo"', "形がちがいます"),
        (b"\x00\x01\x02\xff\xfe", "文字のファイルではない"),
    ],
)
def test_a_bad_case_is_told_with_what_to_do(
    store: str, tmp_path: Path, content: bytes, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(content)
    assert run(["--store", store, "match", str(path), "--json"]) == 1
    told = capsys.readouterr()
    assert words in told.err
    assert told.err.count("\n") >= 2
    assert told.out == ""


@pytest.mark.parametrize("path", ["nowhere.json", "."])
def test_a_missing_file_and_a_folder(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["match", path]) == 1
    assert "ください" in capsys.readouterr().err


def test_an_unknown_area_is_returned_and_not_dropped(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = CASE | {"area": "どこにもない町"}
    assert run(["--store", store, "match", _case_file(tmp_path, case), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)["unresolved"]
    assert {"member": None, "field": "area", "text": "どこにもない町"} in said


def test_intake_reads_a_memo(
    store: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _stdin(monkeypatch, "80代の母。買い物に困っている。".encode())
    assert run(["--store", store, "intake", "-", "--json"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert body["members"][0]["role"] == "母"


def test_why_names_every_gate(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = _case_file(tmp_path, CASE)
    assert run(["--store", store, "why", "MH-R0001", "--case", case, "--json"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert body["resource_id"] == "MH-R0001"
    assert body["needs"][0]["gates"]


def test_gaps_over_cases_and_files(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text(json.dumps(CASE) + "\n\n" + json.dumps(CASE) + "\n", encoding="utf-8")
    for suffix in ("json", "csv", "xlsx", "html"):
        target = tmp_path / f"gaps.{suffix}"
        arguments = ["--store", store, "gaps", "--cases", str(cases), "--out", str(target)]
        assert run(arguments) == 0
        assert target.stat().st_size > 0
    assert "2件の相談" in capsys.readouterr().out
    assert run(["--store", store, "gaps", "--cases", str(cases), "--by", "colour"]) == 1
    assert run(["--store", store, "gaps"]) == 1
    assert "記録がまだありません" in capsys.readouterr().err


def test_map_is_written_and_an_unknown_area_told(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "map.html"
    assert run(["--store", store, "map", str(target), "--area", "川辺区"]) == 0
    assert "<html" in target.read_text(encoding="utf-8")[:200]
    assert run(["--store", store, "map", str(target), "--area", "どこにもない町"]) == 1
    assert "どこにもない町" in capsys.readouterr().err


def test_export_comes_back_unchanged(
    own_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = f"sqlite:///{own_store}"
    ledger, report = tmp_path / "ledger.csv", tmp_path / "report.json"
    assert run(["--store", store, "export", "csv", str(ledger)]) == 0
    assert run(["--store", store, "import", str(ledger), "--yes", "--report", str(report)]) == 0
    totals = json.loads(report.read_text(encoding="utf-8"))["totals"]
    assert totals["changed"] == totals["added"] == totals["rejected"] == 0
    assert totals["read"] == totals["unchanged"] > 300
    assert run(["--store", store, "export", "csv", "/no/such/folder/x.csv"]) == 1
    assert "フォルダー" in capsys.readouterr().err


def test_import_counts_every_row_and_writes_nothing_on_a_dry_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    report = tmp_path / "report.json"
    source = str(sample_folder() / "資源.csv")
    assert run(["--store", store, "import", source, "--dry-run", "--report", str(report)]) == 0
    for file in json.loads(report.read_text(encoding="utf-8"))["files"]:
        counted = ("blank", "added", "changed", "unchanged", "merged", "rejected")
        assert file["read"] == sum(file[name] for name in counted)
    shown = capsys.readouterr().out
    assert "まだ書き込んでいません" in shown
    # 台帳の中の書き重ねは、試しのときから理由とともに見える。
    assert "組は人が確かめます" in shown
    assert json.loads(report.read_text(encoding="utf-8"))["duplicates"]
    assert run(["--store", store, "doctor", "--json"]) == 0
    found = {c["key"]: c["found"] for c in json.loads(capsys.readouterr().out)["checks"]}
    assert "まだ登録されていません" in found["data"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("空.csv", b""),
        ("名称なし.csv", "住所,電話\n本町1,040-000-0000\n".encode()),
        ("偽物.xlsx", b"this is not a workbook"),
        ("偽物.csv", bytes(range(256)) * 8),
    ],
)
def test_a_file_that_cannot_be_taken_says_what_to_do(
    tmp_path: Path, name: str, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    store = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    assert run(["--store", store, "import", str(path), "--yes"]) == 1
    told = capsys.readouterr().err
    assert "ください" in told
    assert "Traceback" not in told


def test_doctor_is_well_on_the_sample(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--store", store, "doctor", "--json"]) == 0
    body: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert body["ok"] is True
    keys = {check["key"] for check in body["checks"]}
    assert keys >= {"names", "store", "store_whole", "vocabulary", "data", "assets", "fonts"}


def test_a_damaged_store_is_told_and_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.sqlite3"
    path.write_bytes(b"this is no database" * 100)
    assert run(["--store", f"sqlite:///{path}", "doctor"]) == 1
    assert "→" in capsys.readouterr().out
    assert run(["--store", f"sqlite:///{path}", "map", str(tmp_path / "m.html")]) == 1
    assert "ください" in capsys.readouterr().err
    assert path.read_bytes() == b"this is no database" * 100


def test_a_store_url_that_names_no_store(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--store", "mysql://x", "doctor"]) == 1
    assert run(["--store", "mysql://x", "map", "m.html"]) == 1
    assert "sqlite:///" in capsys.readouterr().err


def test_a_port_in_use_is_told(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run(["--store", store, "serve", "--port", str(port)]) == 1
    assert f"ポート{port}" in capsys.readouterr().err


def test_backup_restore_and_migrate(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy.tsunagu"
    other = f"sqlite:///{tmp_path / 'other.sqlite3'}"
    third = f"sqlite:///{tmp_path / 'third.sqlite3'}"
    assert run(["--store", store, "backup", str(copy)]) == 0
    assert run(["--store", other, "restore", str(copy)]) == 0
    _stdin(monkeypatch, b"")
    assert run(["--store", other, "restore", str(copy)]) == 1
    assert "--yes" in capsys.readouterr().err
    assert run(["migrate", other, third]) == 0
    assert "同じです" in capsys.readouterr().out
    copy.write_bytes(copy.read_bytes()[:-100])
    assert run(["--store", other, "restore", str(copy), "--yes"]) == 1


def test_a_bad_environment_value_is_wrong_usage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TSUNAGU_PORT", "abc")
    assert run(["doctor"]) == 2
    assert "TSUNAGU_PORT" in capsys.readouterr().err


def test_an_unexpected_fault_shows_nothing_of_the_case(
    store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise RuntimeError("太郎の借金")

    monkeypatch.delenv("TSUNAGU_DEBUG", raising=False)
    monkeypatch.setattr("api.consult.match_case", fail)
    assert run(["--store", store, "match", _case_file(tmp_path, CASE)]) == 1
    told = capsys.readouterr().err
    assert "RuntimeError" in told
    assert "太郎" not in told
