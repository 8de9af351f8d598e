"""空き：いま受け入れられるか。古い記録は「分からない」とする。"""

from datetime import date, timedelta

import numpy as np

from graph.model.resource import Resource, Vacancy
from matching.ask import Ask, Fact
from matching.card import ResourceCard
from matching.criterion import Change, Criterion, Finding, Floats, Kind
from matching.example import EXAMPLE_DAY, Example
from matching.index.column import Label, Number
from matching.index.rows import Rows

#: A statement about room older than this (days) says nothing any more.
STALE_AFTER = 90
_SCORES = {Vacancy.AVAILABLE: 1.0, Vacancy.ASK: 0.6, Vacancy.WAITLIST: 0.2, Vacancy.NONE: 0.0}
_WORDS = {
    Vacancy.AVAILABLE: "空きあり",
    Vacancy.ASK: "要相談",
    Vacancy.WAITLIST: "待機",
    Vacancy.NONE: "空きなし",
}


def _as_of(card: ResourceCard) -> date | None:
    return card.resource.vacancy_as_of or card.resource.assured_date


_VACANCY = Label(
    "vacancy", lambda card: str(card.resource.vacancy) if card.resource.vacancy else None
)
_AS_OF = Number("vacancy_as_of", lambda card: float(d.toordinal()) if (d := _as_of(card)) else None)


def _measure(rows: Rows, ask: Ask) -> Floats:
    score = rows.map("vacancy", lambda value: _SCORES[Vacancy(value)] if value else None)
    old = ~(ask.on.toordinal() - rows.number("vacancy_as_of") <= STALE_AFTER)
    return np.where(old, np.nan, score)


def _explain(card: ResourceCard, _ask: Ask, score: float | None) -> Finding:
    vacancy, told = card.resource.vacancy, _as_of(card)
    if vacancy is None:
        return Finding("空きの記録がありません。")
    offered = _WORDS[vacancy]
    if score is None:
        when = f"最終確認 {told.isoformat()}" if told else "確認した日の記録なし"
        return Finding(f"「{offered}」の記録は古いため、確かめます（{when}）。", offered=offered)
    return Finding(
        f"{offered}（{told.isoformat()}時点）。" if told else f"{offered}。", offered=offered
    )


def _confirm(card: ResourceCard, _ask: Ask) -> str:
    told = _as_of(card)
    return f"空きがあるか（最終確認 {told.isoformat()}）" if told else "空きがあるか"


def _relax(_card: ResourceCard, _ask: Ask) -> Change:
    return Change("空きがある", "空きなし", "定員か回数を増やすと", 1.0)


def _card(vacancy: Vacancy | None, days: int | None = 10) -> ResourceCard:
    told = EXAMPLE_DAY - timedelta(days=days) if days is not None else None
    return ResourceCard(resource=Resource(id="r", name="例", vacancy=vacancy, vacancy_as_of=told))


CRITERION = Criterion(
    key="capacity",
    label="空き",
    question="いま受け入れられるか",
    kind=Kind.PREFERENCE,
    weight=1.2,
    decisive=True,
    columns=(_VACANCY, _AS_OF),
    reads=frozenset({Fact.DAY}),
    measure=_measure,
    explain=_explain,
    confirm=_confirm,
    relax=_relax,
    examples=(
        Example(says="空きあり", card=_card(Vacancy.AVAILABLE), score=1),
        Example(says="空きなし", card=_card(Vacancy.NONE), score=0),
        Example(says="古いため", card=_card(Vacancy.NONE, 200), score=None),
        Example(says="確認した日の記録なし", card=_card(Vacancy.AVAILABLE, None), score=None),
        Example(says="空きの記録がありません", card=_card(None), score=None),
    ),
)
