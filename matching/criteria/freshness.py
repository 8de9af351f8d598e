"""情報の新しさ：人が確かめた日（最終確認日）からどれだけたったか。保存した日は数えない。"""

from datetime import timedelta

import numpy as np

from graph.model.resource import Resource
from matching.ask import Ask, Fact
from matching.card import ResourceCard
from matching.criterion import Criterion, Finding, Floats, Kind
from matching.example import EXAMPLE_DAY, Example
from matching.index.column import Number
from matching.index.rows import Rows

#: Confidence halves with every year.
HALF_DAYS = 365.0
FRESH_DAYS = 180

_ASSURED = Number(
    "assured", lambda card: float(d.toordinal()) if (d := card.resource.assured_date) else None
)


def _measure(rows: Rows, ask: Ask) -> Floats:
    days = np.maximum(0.0, ask.on.toordinal() - rows.number("assured"))
    return np.exp2(-days / HALF_DAYS)


def _explain(card: ResourceCard, ask: Ask, _score: float | None) -> Finding:
    day = card.resource.assured_date
    if day is None:
        return Finding("確かめた日の記録がありません。")
    text = day.isoformat()
    if (ask.on - day).days <= FRESH_DAYS:
        return Finding(f"{text}に確かめられています。", offered=text)
    return Finding(f"最後に確かめたのは{text}です。変わっていないか確かめます。", offered=text)


def _confirm(_card: ResourceCard, _ask: Ask) -> str:
    return "いまも続いているか（確かめた日の記録なし）"


def _card(days: int | None) -> ResourceCard:
    day = EXAMPLE_DAY - timedelta(days=days) if days is not None else None
    return ResourceCard(resource=Resource(id="r", name="例", assured_date=day))


CRITERION = Criterion(
    key="freshness",
    label="情報の新しさ",
    question="情報は新しいか",
    kind=Kind.PREFERENCE,
    weight=0.8,
    neutral=0.3,
    columns=(_ASSURED,),
    reads=frozenset({Fact.DAY}),
    measure=_measure,
    explain=_explain,
    confirm=_confirm,
    examples=(
        Example(says="確かめられています", card=_card(0), score=1),
        Example(says="最後に確かめたのは", card=_card(365), score=0.5),
        Example(says="記録がありません", card=_card(None), score=None),
    ),
)
