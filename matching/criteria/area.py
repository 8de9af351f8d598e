"""利用できる区域：住まいの区域で使えるか。区域が分からない資源は外さず、要確認にする。"""

from typing import cast

import numpy as np

from graph.model.resource import AreaScope, Resource
from matching.ask import Ask, Fact
from matching.card import ResourceCard
from matching.criterion import Change, Criterion, Finding, Floats, Kind
from matching.example import Example
from matching.index.rows import LabelData, Rows, holding_any, looked
from matching.index.shared import ANYWHERE, SERVED, served_of


def area_scores(rows: Rows, ask: Ask) -> Floats:
    """1 = serves the person's area, 0 = serves others only, NaN = not known."""
    served, codes = rows.coded("served")
    # 区域と通える範囲の二つの基準が見る。値の並びも一緒に覚え、同じ番号の別の物と取り違えない。
    _, table = ask.once(("area_scores", id(served)), lambda: (served, _by_areas(served, ask)))
    return cast("Floats", table[codes])


def _by_areas(served: LabelData, ask: Ask) -> Floats:
    holding, inside = ask.household.areas, ask.household.inside
    here = holding_any(served, (ANYWHERE, *holding))
    if not holding:
        return np.where(here, 1.0, np.nan)
    perhaps = looked(served, "unknown", _unknown) == 1
    perhaps |= holding_any(served, inside)
    return np.where(here, 1.0, np.where(perhaps, np.nan, 0.0))


def _unknown(served: tuple[str, ...] | None) -> float:
    return float(served is None)


def _explain(card: ResourceCard, ask: Ask, score: float | None) -> Finding:
    served = served_of(card)
    offered = _offered(card)
    asked = ask.household.case.area
    if served == (ANYWHERE,):
        return Finding("住まいを問わず使えます。", asked, offered)
    if score is None:
        reason = (
            "利用できる区域の記録がありません。"
            if served is None
            else "住まいの区域がまだ絞れません。"
        )
        return Finding(reason, asked, offered)
    if score > 0:
        return Finding("住まいの区域で使えます。", asked, offered)
    return Finding(
        f"利用できる区域が合いません（{offered or 'ほかの区域'}・住まいは{asked or '別の区域'}）。",
        asked,
        offered,
    )


def _offered(card: ResourceCard) -> str | None:
    return "住まいを問わない" if card.anywhere else card.resource.area_text


def _confirm(_card: ResourceCard, ask: Ask) -> str | None:
    return f"{ask.household.case.area or 'お住まいの地域'}の人も利用できるか"


def _relax(card: ResourceCard, ask: Ask) -> Change:
    area = ask.household.case.area or "住まいの区域"
    return Change(
        wanted=area,
        offered=_offered(card) or "ほかの区域",
        change=f"利用できる区域に{area}を加えると",
        amount=1.0,
    )


_HERE = {"areas": ("ward-1", "city"), "inside": frozenset({"town-1"})}


def _card(
    served: frozenset[str] | None, scope: AreaScope | None = AreaScope.LISTED
) -> ResourceCard:
    return ResourceCard(
        resource=Resource(id="r", name="例", area_scope=scope, area_text="東区"), served=served
    )


CRITERION = Criterion(
    key="area",
    label="利用できる区域",
    question="住まいの区域で利用できるか",
    kind=Kind.GATE,
    order=10,
    columns=(SERVED,),
    reads=frozenset({Fact.AREAS}),
    measure=area_scores,
    explain=_explain,
    confirm=_confirm,
    relax=_relax,
    examples=(
        Example(
            says="住まいの区域で使えます", card=_card(frozenset({"city"})), score=1, household=_HERE
        ),
        Example(says="合いません", card=_card(frozenset({"ward-2"})), score=0, household=_HERE),
        Example(
            says="まだ絞れません", card=_card(frozenset({"town-1"})), score=None, household=_HERE
        ),
        Example(says="記録がありません", card=_card(None, None), score=None, household=_HERE),
        Example(
            says="住まいを問わず", card=_card(None, AreaScope.ANYWHERE), score=1, household=_HERE
        ),
    ),
)
