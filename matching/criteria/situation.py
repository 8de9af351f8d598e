"""状況との相性：この種類の場が、本人の状況に向くか（suits・unsuits）。"""

import numpy as np

from graph.model.resource import Resource
from matching.ask import Ask, Fact
from matching.card import ResourceCard
from matching.criterion import Criterion, Finding, Floats, Kind
from matching.example import DESK, SALON, Example
from matching.index.rows import Rows
from matching.index.shared import CATEGORY
from matching.profile import Person
from matching.suits import good_and_bad, label_of, person_keys, suited, unsuited


def _measure(rows: Rows, ask: Ask) -> Floats:
    """0.5 + half of what suits − half of what does not; unknown where the vocabulary is silent."""
    good, bad = good_and_bad(rows, ask)
    return np.where((good == 0) & (bad == 0), np.nan, 0.5 + (good - bad) / 2)


def _explain(card: ResourceCard, ask: Ask, score: float | None) -> Finding:
    kind = card.category.label if card.category else None
    if score is None:
        return Finding("本人の状況との相性は、特に知られていません。", None, kind)
    key = card.resource.category
    return ask.once(("suits", key, kind), lambda: _of_kind(key, kind, ask))


def _of_kind(key: str | None, kind: str | None, ask: Ask) -> Finding:
    """How a kind and the person get on; the same for all places of the kind."""
    good, bad = suited(key, ask), unsuited(key, ask)
    if good is None or bad is None:
        return Finding("本人の状況との相性は、特に知られていません。", None, kind)
    parts = []
    if good[0]:
        parts.append(f"「{label_of(good[1], ask.vocabulary)}」人に向きます（{good[2]}）")
    if bad[0]:
        parts.append(f"「{label_of(bad[1], ask.vocabulary)}」人には向きにくいです（{bad[2]}）")
    asked = label_of((good if good[0] else bad)[1], ask.vocabulary)
    return Finding("。".join(parts) + "。", asked, kind)


def _of(category_key: str) -> ResourceCard:
    concept = {"salon": SALON, "desk": DESK}[category_key]
    return ResourceCard(
        resource=Resource(id="r", name="例", category=category_key), category=concept
    )


CRITERION = Criterion(
    key="situation",
    label="状況との相性",
    question="本人の状況に向く種類か",
    silent=lambda ask: not person_keys(ask),
    kind=Kind.PREFERENCE,
    weight=3.0,
    columns=(CATEGORY,),
    reads=frozenset({Fact.SITUATIONS, Fact.BARRIERS, Fact.SETTINGS}),
    measure=_measure,
    explain=_explain,
    examples=(
        Example(
            says="「孤立」人に向きます",
            card=_of("salon"),
            person=Person(id="m1", situations=frozenset({"isolated"})),
            score=0.9,
        ),
        Example(
            says="向きにくいです",
            card=_of("salon"),
            person=Person(id="m1", situations=frozenset({"hikikomori"})),
            score=0.25,
        ),
        Example(says="特に知られていません", card=_of("desk"), score=None),
    ),
)
