"""費用：一回あたりいくらか。費用が妨げになっている人には厳しく見る。"""

from functools import lru_cache

import numpy as np

from graph.model.resource import CostKind, Resource
from graph.vocabulary.concept import Family
from matching.ask import Ask, Fact
from matching.card import ResourceCard
from matching.criterion import Change, Criterion, Finding, Floats, Kind
from matching.example import Example
from matching.index.column import Number
from matching.index.rows import Rows
from matching.profile import Person
from matching.traits import has_trait

#: Yen a visit at which the score has halved, and the same for a person who can't pay.
HALF_AT = 1500.0
HALF_AT_FOR_POOR = 250.0
#: From so many yen a visit on, a fee alone keeps a person away who can't pay.
TOO_MUCH = 2000.0
VISITS_A_MONTH = 4
#: 実費 stands for a cup of tea or some material.
ACTUAL_YEN = 200.0
_VISITS = {CostKind.PER_MONTH: VISITS_A_MONTH, CostKind.PER_YEAR: VISITS_A_MONTH * 12}


def yen_a_visit(card: ResourceCard) -> float | None:
    """Fee counted by the visit; ``None`` = not known."""
    resource = card.resource
    if resource.cost_kind is CostKind.FREE:
        return 0.0
    if resource.cost_kind is CostKind.ACTUAL and resource.cost_yen is None:
        return ACTUAL_YEN
    if resource.cost_yen is None:
        return None
    return resource.cost_yen / _VISITS.get(resource.cost_kind or CostKind.PER_VISIT, 1)


_YEN = Number("yen_a_visit", yen_a_visit)


def _measure(rows: Rows, ask: Ask) -> Floats:
    yen = rows.number("yen_a_visit")
    poor = _poor(ask)
    score = np.exp2(-yen / (HALF_AT_FOR_POOR if poor else HALF_AT))
    return np.where(yen >= TOO_MUCH, 0.0, score) if poor else score


def _poor(ask: Ask) -> bool:
    return ask.once(
        "poor", lambda: has_trait(ask.person.barriers, Family.BARRIER, "cost", ask.vocabulary)
    )


def _explain(card: ResourceCard, ask: Ask, score: float | None) -> Finding:
    offered = fee_text(card)
    asked = "費用が出せない" if _poor(ask) else None
    if score is None:
        return Finding("費用の記録がありません。", asked, offered)
    if score == 1:
        return Finding("無料です。", asked, offered)
    if score == 0:
        return Finding(f"費用が妨げになります（{offered}）。", asked, offered)
    return Finding(f"費用は{offered}です。", asked, offered)


def fee_text(card: ResourceCard) -> str | None:
    """What it costs, as the record words it, else as its numbers say; ``None`` = not known."""
    resource = card.resource
    return resource.cost_text or _words(resource.cost_kind, resource.cost_yen)


# 同じ費用の書き方は、たくさんの資源に出てくる。
@lru_cache(maxsize=4096)
def _words(kind: CostKind | None, yen: int | None) -> str | None:
    if kind is CostKind.FREE:
        return "無料"
    if yen is None:
        return "実費" if kind is CostKind.ACTUAL else None
    unit = {CostKind.PER_MONTH: "月", CostKind.PER_YEAR: "年"}.get(
        kind or CostKind.PER_VISIT, "1回"
    )
    return f"{unit}{yen:,}円"


def _confirm(_card: ResourceCard, ask: Ask) -> str | None:
    return "費用はいくらか、減免はあるか" if _poor(ask) else None


def _relax(card: ResourceCard, _ask: Ask) -> Change:
    offered = fee_text(card) or ""
    return Change("費用が出せない", offered, "費用の減免があると", 1.0)


def _card(kind: CostKind | None, yen: int | None = None) -> ResourceCard:
    return ResourceCard(resource=Resource(id="r", name="例", cost_kind=kind, cost_yen=yen))


_POOR = Person(id="m1", barriers=frozenset({"no_money"}))

CRITERION = Criterion(
    key="cost",
    label="費用",
    question="払える費用か",
    kind=Kind.PREFERENCE,
    weight=1.0,
    decisive=True,
    columns=(_YEN,),
    reads=frozenset({Fact.BARRIERS}),
    measure=_measure,
    explain=_explain,
    confirm=_confirm,
    relax=_relax,
    examples=(
        Example(says="無料", card=_card(CostKind.FREE), person=_POOR, score=1),
        Example(says="1回500円", card=_card(CostKind.PER_VISIT, 500), person=_POOR, score=0.25),
        Example(says="1回500円", card=_card(CostKind.PER_VISIT, 500), score=0.794),
        Example(
            says="妨げになります（月20,000円）",
            card=_card(CostKind.PER_MONTH, 20_000),
            person=_POOR,
            score=0,
        ),
        Example(says="記録がありません", card=_card(None), score=None),
    ),
)
