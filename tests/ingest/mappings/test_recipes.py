"""The recipes of docs/howto and the reference of the ledger, executed."""

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest

import ingest.readers
from ingest.mapping import mapping_from
from ingest.reader import Reader, choose_reader, readers
from ingest.schema import AREAS, CONTACTS, LEDGER, MORE_RESOURCE, PROGRAMS
from ingest.source import DEFAULT_LIMITS, Source
from tests.ingest.importing import bring, memory, resources, write

DOCS = Path(__file__).resolve().parents[3] / "docs"


def _block(name: str, language: str) -> str:
    text = (DOCS / "howto" / name).read_text("utf-8")
    found = re.search(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)
    assert found is not None
    return found[1]


def test_the_mapping_of_the_recipe_reads_the_list_of_the_recipe(tmp_path: Path) -> None:
    mapping = mapping_from(tomllib.loads(_block("add_mapping.md", "toml")), "salon_list")
    path = write(tmp_path, "サロン.csv", _block("add_mapping.md", "csv"), "cp932")
    store = memory()
    report = bring(store, path, mappings=(mapping,))
    assert report.files[0].mapping == "salon_list"
    found = resources(store)
    assert found["本町サロン"].cost_yen == 0
    assert found["本町サロン"].extra == {"駐車場": "あり"}
    assert found["東町サロン"].phone is None
    assert [(s.weekday, s.weeks) for s in found["東町サロン"].schedule or ()] == [(5, (2, 4))]


def test_the_reader_of_the_recipe_is_found_by_its_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "markdown_table.py", _block("add_reader.md", "python"))
    monkeypatch.setattr(ingest.readers, "__path__", [*ingest.readers.__path__, str(tmp_path)])
    readers.cache_clear()
    try:
        reader = next(r for r in readers() if r.key == "markdown")
        assert isinstance(reader, Reader)
        assert reader.sample is not None
        name, data, rows = reader.sample()
        path = tmp_path / name
        path.write_bytes(data)
        assert choose_reader(Source(name, path), DEFAULT_LIMITS) is reader
        assert bring(memory(), path).totals()["added"] == rows
    finally:
        readers.cache_clear()
    assert importlib.util.find_spec("ingest.readers.csv_text") is not None


def test_the_reference_names_every_field() -> None:
    text = (DOCS / "reference" / "ledger.md").read_text("utf-8")
    for fields in (LEDGER, MORE_RESOURCE, CONTACTS, AREAS, PROGRAMS):
        for name, label in fields.items():
            assert f"| {label} | `{name}` |" in text


def test_the_commands_of_the_howto_name_real_options() -> None:
    text = (DOCS / "howto" / "import.md").read_text("utf-8")
    used = set(re.findall(r"--[a-z][a-z-]+", text))
    assert used <= {
        "--kind",
        "--dry-run",
        "--rejects",
        "--report",
        "--yes",
        "--column",
        "--save-mapping",
    }
