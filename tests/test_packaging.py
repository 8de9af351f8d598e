"""The wheel holds every room with its data, installs into an empty environment and runs there."""

import importlib.metadata
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("graph", "matching", "ingest", "casework", "maps", "reports", "api", "benchmarks")
DATA_SUFFIXES = {".yaml", ".toml", ".html", ".css", ".js", ".csv", ".geojson", ".jsonl", ".json"}
#: Licences a city can't take into the core.
REFUSED = ("AGPL", "AFFERO", "GNU GENERAL PUBLIC", "GPL-3", "GPL-2", "GPLV3", "GPLV2")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(out.glob("*.whl"))


def test_wheel_holds_every_file_of_every_room(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.suffix in {*DATA_SUFFIXES, ".py"} and "__pycache__" not in path.parts
    }
    assert wanted - inside == set()


def test_installed_wheel_runs_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    install = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--offline",
        "--target",
        str(site),
        str(wheel),
    ]
    subprocess.run(install, check=True, capture_output=True)
    code = (
        f"import sys; sys.path.insert(0, {str(site)!r}); "
        "import graph, api.cli; assert graph.__file__.startswith(sys.path[0]), graph.__file__; "
        "from graph.vocabulary.load import load_vocabulary; print(len(load_vocabulary().version))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0


def test_our_names_are_not_shadowed() -> None:
    for room in ROOMS:
        module = __import__(room)
        assert Path(module.__file__ or "").resolve().is_relative_to(ROOT), module.__file__


def _locked() -> list[str]:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return [
        line.split("==")[0].split("[")[0]
        for line in lines
        if "==" in line and not line.startswith(" ")
    ]


def _licences(name: str) -> list[str]:
    """The licences one may choose between, as the package states them."""
    meta = importlib.metadata.metadata(name)
    expression = next(iter(meta.get_all("License-Expression") or []), None)
    if expression:
        return [part.strip(" ()") for part in expression.upper().split(" OR ")]
    return [c.upper() for c in meta.get_all("Classifier") or [] if c.startswith("License ::")]


def test_no_licence_a_city_must_refuse() -> None:
    refused = []
    for name in _locked():
        try:
            choices = _licences(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # ほかの基本ソフト向けの依存はここには入っていない
        bad = [c for c in choices if any(w in c for w in REFUSED) and "LGPL" not in c]
        if choices and len(bad) == len(choices):
            refused.append(f"{name}: {choices}")
    assert refused == []
