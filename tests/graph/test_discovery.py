"""A unit is one file; one that is not whole is refused loudly, with every fault at once."""

import importlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from graph.discovery import discover
from graph.errors import DiscoveryError


@dataclass(frozen=True)
class Unit:
    label: str


MAKE = "from tests.graph.test_discovery import Unit\nUNIT = Unit(label={label!r})\n"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, ModuleType]]:
    folder = tmp_path / "units_under_test"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "_private.py").write_text("raise RuntimeError\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder, importlib.import_module("units_under_test")
    for name in [n for n in sys.modules if n.startswith("units_under_test")]:
        del sys.modules[name]


def _problems(unit: Unit) -> list[str]:
    return [] if unit.label else ["label がありません"]


def test_dropping_one_file_adds_one_unit(package: tuple[Path, ModuleType]) -> None:
    folder, module = package
    (folder / "b.py").write_text(MAKE.format(label="二"))
    (folder / "a.py").write_text(MAKE.format(label="一"))
    assert [unit.label for unit in discover(module, "UNIT", Unit, _problems)] == ["一", "二"]


def test_every_faulty_file_is_named_at_once(package: tuple[Path, ModuleType]) -> None:
    folder, module = package
    (folder / "a.py").write_text("VALUE = 1\n")
    (folder / "b.py").write_text(MAKE.format(label=""))
    with pytest.raises(DiscoveryError) as caught:
        discover(module, "UNIT", Unit, _problems)
    assert len(caught.value.facts["faults"]) == 2  # type: ignore[arg-type]
    assert "units_under_test.a" in str(caught.value)
    assert "label がありません" in str(caught.value)
