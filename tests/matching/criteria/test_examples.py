"""Every criterion is run on its own examples, by the fast path and by the sentence."""

import numpy as np
import pytest

from matching.ask import Ask
from matching.criterion import Criterion, all_criteria
from matching.example import Example
from matching.index.column import by_name
from matching.index.compile import Compiler
from matching.index.rows import Rows
from matching.index.shared import STRUCTURE

CASES = [(criterion, example) for criterion in all_criteria() for example in criterion.examples]


def ask_of(example: Example) -> Ask:
    return Ask(
        household=example.house(),
        person=example.person,
        need=example.need_ask(),
        on=example.on,
        vocabulary=example.vocabulary(),
    )


def measured(criterion: Criterion, example: Example) -> float | None:
    columns = by_name([*STRUCTURE, *criterion.columns])
    compiler = Compiler(columns, example.vocabulary())
    compiler.add(example.card)
    segment = compiler.finish()
    value = float(criterion.score(Rows(segment, np.array([0])), ask_of(example))[0])
    return None if np.isnan(value) else value


@pytest.mark.parametrize(
    ("criterion", "example"), CASES, ids=[f"{c.key}-{e.says}" for c, e in CASES]
)
def test_example(criterion: Criterion, example: Example) -> None:
    score = measured(criterion, example)
    assert score == (None if example.score is None else pytest.approx(example.score, abs=5e-3))
    finding = criterion.explain(example.card, ask_of(example), score)
    assert example.says in finding.reason


@pytest.mark.parametrize("criterion", all_criteria(), ids=lambda c: c.key)
def test_a_miss_names_its_change(criterion: Criterion) -> None:
    """A gate that fails on an example says what would open it, or that nothing does."""
    for example in criterion.examples:
        if example.score == 0 and (criterion.decisive or criterion.weight == 0):
            change = criterion.relax(example.card, ask_of(example))
            assert change is None or (change.change.endswith("と") and change.amount > 0)
