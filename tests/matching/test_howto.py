"""The recipes for a new criterion and a new set of weights, run as a newcomer would."""

import re
from pathlib import Path

import pytest

from graph.errors import DiscoveryError, NotFoundError
from matching.criterion import Criterion, all_criteria, preferences, problems_of
from matching.index.search import Weights
from matching.weights import FOLDER, weight_profiles, weights_of
from tests.matching.criteria.test_examples import ask_of, measured

HOWTO = Path(__file__).resolve().parents[2] / "docs" / "howto"


def block(name: str, language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", (HOWTO / name).read_text("utf-8"), re.DOTALL)
    assert found
    return found[1]


def test_the_recipe_for_a_criterion() -> None:
    world: dict[str, object] = {}
    exec(block("add_criterion.md", "python"), world)
    criterion = world["CRITERION"]
    assert isinstance(criterion, Criterion)
    assert list(problems_of(criterion)) == []
    for example in criterion.examples:
        score = measured(criterion, example)
        assert score == example.score
        assert example.says in criterion.explain(example.card, ask_of(example), score).reason


def test_the_recipe_for_weights(tmp_path: Path) -> None:
    (tmp_path / "gentle.toml").write_text(block("add_weights.md", "toml"), "utf-8")
    (profile,) = weight_profiles(tmp_path)
    assert profile.label == "静かな場から"
    weights = weights_of("gentle", tmp_path)
    by_key = {criterion.key: criterion for criterion in preferences()}
    assert weights[by_key["setting"]] == 4.0
    assert weights[by_key["need_fit"]] == by_key["need_fit"].weight


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("label = 'a'\ndescription = 'b'\n[weights]\nneerness = 1", "neerness"),
        ("label = 'a'\ndescription = 'b'\n[weights]\ncost = -1", "cost"),
        ("label = 'a'", "description"),
        ("label = ", "TOML"),
    ],
)
def test_a_faulty_profile_is_refused_by_name(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "bad.toml").write_text(text, "utf-8")
    with pytest.raises(DiscoveryError, match=fault):
        weight_profiles(tmp_path)


def test_an_unknown_profile_names_those_there_are() -> None:
    with pytest.raises(NotFoundError, match="standard"):
        weights_of("ない")


def test_shipped_profiles_are_whole() -> None:
    assert {p.key for p in weight_profiles(FOLDER)} >= {"standard", "nearby", "interests"}
    assert isinstance(weights_of(None), Weights)


def test_every_criterion_is_whole() -> None:
    keys = [criterion.key for criterion in all_criteria()]
    assert len(keys) == len(set(keys))
    for criterion in all_criteria():
        assert list(problems_of(criterion)) == []


def test_need_fit_outweighs_whatever_lies_beside_the_person() -> None:
    """A near, open and free place of the wrong kind never beats one that answers."""
    weights = {criterion.key: criterion.weight for criterion in preferences()}
    beside = sum(weights[key] for key in ("nearness", "schedule", "cost", "capacity", "freshness"))
    assert weights["need_fit"] * 0.5 >= beside
