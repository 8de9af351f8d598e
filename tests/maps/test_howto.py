"""The recipe of docs/howto/add_layer.md, followed to the letter."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import maps.layers
from graph.store import View
from graph.vocabulary.protocol import Vocabulary
from maps.layer import layers
from maps.render import render_map
from tests.maps.conftest import ON

HOWTO = Path(__file__).resolve().parents[2] / "docs" / "howto" / "add_layer.md"


@pytest.fixture
def recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    text = HOWTO.read_text(encoding="utf-8")
    found = re.search(r"`maps/layers/(\w+)\.py`.*?```python\n(.*?)```", text, flags=re.DOTALL)
    assert found is not None
    name, code = found.groups()
    (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
    monkeypatch.setattr(maps.layers, "__path__", [*maps.layers.__path__, str(tmp_path)])
    layers.cache_clear()
    yield name
    layers.cache_clear()
    sys.modules.pop(f"maps.layers.{name}", None)


def test_one_file_adds_a_layer(
    recipe: str, sample: View, vocabulary: Vocabulary, tmp_path: Path
) -> None:
    layer = layers()[recipe]
    out = tmp_path / "m.html"
    summary = render_map(sample, out, layers=[recipe], on=ON, vocabulary=vocabulary)
    assert summary.placed > 0
    page = out.read_text(encoding="utf-8")
    assert layer.label in page
    assert layer.example in page
