"""紹介の道：紹介してくれる人（CSW・生活支援コーディネーター・民生委員・窓口）がいるか。"""

import numpy as np

from graph.model.resource import Referral, Resource
from matching.ask import Ask, Fact
from matching.card import ResourceCard
from matching.criterion import Criterion, Finding, Floats, Kind
from matching.example import Example
from matching.index.column import Number
from matching.index.rows import Rows

DIRECT, THROUGH_ORGANIZATION, SELF = 1.0, 0.8, 0.7
THROUGH_AREA = 0.5
_SAYS = {
    DIRECT: "この場につないでくれる連絡先があります。",
    THROUGH_ORGANIZATION: "運営団体の連絡先を通じて紹介できます。",
    SELF: "本人が直接申し込めます。",
}
_THROUGH_AREA = "住まいの地区の担当者を通じて尋ねられます。"


def _way(card: ResourceCard) -> float | None:
    if card.contacts:
        return DIRECT
    if card.organization_has_contact:
        return THROUGH_ORGANIZATION
    return SELF if card.resource.referral is Referral.SELF else None


_WAY = Number("introduction_way", _way)


def _measure(rows: Rows, ask: Ask) -> Floats:
    way = rows.number("introduction_way")
    return np.where(np.isnan(way), THROUGH_AREA, way) if ask.has_area_route else way


def _explain(card: ResourceCard, _ask: Ask, score: float | None) -> Finding:
    if score is None:
        return Finding("紹介してくれる人が登録されていません。")
    way = _way(card)
    return Finding(_THROUGH_AREA if way is None else _SAYS[way], None, card.organization)


def _confirm(_card: ResourceCard, _ask: Ask) -> str:
    return "紹介が要るか、だれに連絡すればよいか"


def _card(**facts: object) -> ResourceCard:
    return ResourceCard(resource=Resource(id="r", name="例"), **facts)  # type: ignore[arg-type]


CRITERION = Criterion(
    key="introduction",
    label="紹介の道",
    question="紹介してくれる人がいるか",
    kind=Kind.PREFERENCE,
    weight=0.6,
    neutral=0.4,
    columns=(_WAY,),
    reads=frozenset({Fact.ROUTE}),
    measure=_measure,
    explain=_explain,
    confirm=_confirm,
    examples=(
        Example(says="つないでくれる連絡先", card=_card(contacts=("csw",)), score=1),
        Example(says="運営団体の連絡先", card=_card(organization_has_contact=True), score=0.8),
        Example(says="登録されていません", card=_card(), score=None),
    ),
)
