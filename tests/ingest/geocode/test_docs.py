"""The recipe of docs/howto/geocoding.md runs, and nothing is asked while it is only set up."""

import re
from pathlib import Path

import pytest

HOWTO = Path(__file__).resolve().parents[3] / "docs/howto/geocoding.md"


def test_the_recipe_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", HOWTO.read_text(encoding="utf-8"), flags=re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(code, str(HOWTO), "exec"), names)
    assert "locator" in names
    assert list(tmp_path.iterdir()) == []
