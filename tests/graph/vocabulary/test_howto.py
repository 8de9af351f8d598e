"""The recipes of docs/howto, followed to the letter on a copy of the data."""

import re
from pathlib import Path

import pytest

from graph.vocabulary.concept import Family
from graph.vocabulary.lint import lint
from graph.vocabulary.load import load_vocabulary

HOWTO = Path(__file__).resolve().parents[3] / "docs" / "howto"
_FILE = re.compile(r"`graph/vocabulary/data/([a-z_/]+\.yaml)` という名前で")
_BLOCK = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
_ROW = re.compile(r"^\| (\S+) \| ([a-z_]+) \|$", re.MULTILINE)


@pytest.mark.parametrize(
    ("recipe", "family"),
    [("add_need.md", Family.NEED), ("add_category.md", Family.CATEGORY)],
)
def test_the_recipe_works_with_one_file(data: Path, recipe: str, family: Family) -> None:
    text = (HOWTO / recipe).read_text(encoding="utf-8")
    name, block = _FILE.findall(text), _BLOCK.findall(text)
    assert len(name) == len(block) == 1
    target = data / name[0]
    assert not target.exists()
    target.write_text(block[0], encoding="utf-8")

    assert lint(data) == []
    vocabulary = load_vocabulary(data)
    rows = _ROW.findall(text)
    assert len(rows) >= 3
    for word, key in rows:
        reading = vocabulary.resolve(word, [family])
        assert reading is not None, word
        assert reading.concept.key == key


def test_an_added_need_is_answered_and_an_added_category_answers(data: Path) -> None:
    for recipe in ("add_need.md", "add_category.md"):
        text = (HOWTO / recipe).read_text(encoding="utf-8")
        (data / _FILE.findall(text)[0]).write_text(_BLOCK.findall(text)[0], encoding="utf-8")
    vocabulary = load_vocabulary(data)
    assert vocabulary.need_fit("jiritsu_sodan", "heating") == 0.7
    assert vocabulary.need_fit("bicycle_workshop", "use_skill") == 0.8
    assert "bicycle_workshop" in vocabulary.answering("role")
    assert vocabulary.version != load_vocabulary().version
