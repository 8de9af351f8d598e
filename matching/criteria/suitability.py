"""向かない種類：語彙が「この状況・苦手さの人には向かない」とはっきり言う種類の場を外す。"""

import numpy as np

from graph.model.resource import Resource
from matching.ask import Ask, Fact
from matching.card import ResourceCard
from matching.criterion import Change, Criterion, Finding, Floats, Kind
from matching.example import SALON, Example
from matching.index.rows import Rows
from matching.index.shared import CATEGORY
from matching.profile import Person
from matching.suits import good_and_bad, label_of, unsuited

#: From this weight on an ``unsuits`` link alone keeps a kind out; below it, it costs points.
FROM = 0.8


def _measure(rows: Rows, ask: Ask) -> Floats:
    _, bad = good_and_bad(rows, ask)
    return np.where(np.isnan(bad), np.nan, (bad < FROM).astype(float))


def _explain(card: ResourceCard, ask: Ask, score: float | None) -> Finding:
    worst = unsuited(card.resource.category, ask)
    if worst is None:
        return Finding("種類が分からないか、向き不向きの知識がありません。")
    if score or card.category is None:
        return Finding("向かない種類ではありません。")
    asked = label_of(worst[1], ask.vocabulary)
    return Finding(
        f"{card.category.label}は「{asked}」人に向きません（{worst[2]}）。",
        asked,
        card.category.label,
    )


def _relax(card: ResourceCard, ask: Ask) -> Change | None:
    worst = unsuited(card.resource.category, ask)
    if worst is None or card.category is None:
        return None
    asked = label_of(worst[1], ask.vocabulary)
    return Change(asked, card.category.label, f"「{asked}」人に合わせた時間や場を設けると", 1.0)


_RESOURCE = Resource(id="r", name="例", category="salon")

CRITERION = Criterion(
    key="suitability",
    label="向かない種類",
    question="本人の状況や苦手さに向かない種類でないか",
    kind=Kind.GATE,
    order=47,
    columns=(CATEGORY,),
    reads=frozenset({Fact.SITUATIONS, Fact.BARRIERS, Fact.SETTINGS}),
    measure=_measure,
    explain=_explain,
    relax=_relax,
    examples=(
        Example(
            says="「人混みが苦手」人に向きません",
            card=ResourceCard(resource=_RESOURCE, category=SALON),
            person=Person(id="m1", barriers=frozenset({"crowd"})),
            score=0,
        ),
        Example(
            says="向かない種類ではありません",
            card=ResourceCard(resource=_RESOURCE, category=SALON),
            person=Person(id="m1", situations=frozenset({"hikikomori"})),
            score=1,
        ),
        Example(
            says="分からない", card=ResourceCard(resource=Resource(id="r", name="例")), score=None
        ),
    ),
)
