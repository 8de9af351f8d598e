"""紹介：紹介が要る場に、紹介できる人がいるか。"""

from graph.model.resource import Referral, Resource
from matching.ask import Ask, Fact
from matching.card import ResourceCard
from matching.criterion import Change, Criterion, Finding, Floats, Kind
from matching.example import Example
from matching.index.column import Label
from matching.index.rows import Rows


def _way(card: ResourceCard) -> str | None:
    referral = card.resource.referral
    if referral is Referral.REQUIRED and (card.contacts or card.organization_has_contact):
        return "introduced"
    return str(referral) if referral else None


_WAY = Label("referral_way", _way)


def _measure(rows: Rows, ask: Ask) -> Floats:
    return rows.map("referral_way", lambda way: _fit(way, ask))


def _fit(way: str | None, ask: Ask) -> float | None:
    if way is None:
        return None
    if way == Referral.REQUIRED:
        return float(ask.has_area_route or bool(ask.household.already))
    return 1.0


def _explain(card: ResourceCard, _ask: Ask, score: float | None) -> Finding:
    way = _way(card)
    if way is None:
        return Finding("紹介が要るかの記録がありません。")
    if way == Referral.SELF:
        return Finding("本人が直接申し込めます。", offered="本人可")
    if score:
        return Finding("紹介が要りますが、紹介できる人がいます。", offered="紹介必要")
    return Finding("紹介が要りますが、紹介できる連絡先が登録されていません。", offered="紹介必要")


def _relax(_card: ResourceCard, _ask: Ask) -> Change:
    return Change(
        "紹介者なし", "紹介必要", "紹介できる連絡先を登録するか、本人の申込を受けると", 0.5
    )


def _card(referral: Referral | None, contacts: tuple[str, ...] = ()) -> ResourceCard:
    return ResourceCard(resource=Resource(id="r", name="例", referral=referral), contacts=contacts)


CRITERION = Criterion(
    key="referral",
    label="紹介",
    question="紹介が要る場合に、紹介できる人がいるか",
    kind=Kind.GATE,
    order=45,
    columns=(_WAY,),
    reads=frozenset({Fact.ROUTE, Fact.ALREADY}),
    measure=_measure,
    explain=_explain,
    relax=_relax,
    examples=(
        Example(says="直接申し込めます", card=_card(Referral.SELF), score=1),
        Example(says="紹介できる人がいます", card=_card(Referral.REQUIRED, ("csw",)), score=1),
        Example(says="登録されていません", card=_card(Referral.REQUIRED), score=0),
        Example(says="記録がありません", card=_card(None), score=None),
    ),
)
