"""対象外：その資源が受けられないと書いている状況に、本人が当たるか。"""

from graph.model.resource import Resource
from graph.vocabulary.concept import Family
from matching.ask import Ask, Fact
from matching.card import ResourceCard
from matching.criterion import Change, Criterion, Finding, Floats, Kind
from matching.example import Example
from matching.index.column import Bits
from matching.index.rows import Rows
from matching.profile import Person
from matching.target import labels_of

_INELIGIBLE = Bits("ineligible", lambda card: card.resource.ineligible, Family.SITUATION)


def _measure(rows: Rows, ask: Ask) -> Floats:
    return 1.0 - rows.any("ineligible", ask.person.situations)


def _explain(card: ResourceCard, ask: Ask, score: float | None) -> Finding:
    if card.resource.ineligible is None:
        return Finding("対象外の記録はありません。")
    offered = labels_of(card.resource.ineligible, ask.vocabulary)
    if score:
        return Finding("対象外には当たりません。", offered=offered)
    asked = labels_of(ask.person.situations & set(card.resource.ineligible), ask.vocabulary)
    return Finding(f"{asked}の人は対象外です。", asked, offered)


def _relax(card: ResourceCard, ask: Ask) -> Change:
    hit = labels_of(ask.person.situations & set(card.resource.ineligible or ()), ask.vocabulary)
    return Change(hit or "", f"{hit}は対象外", f"{hit}の人も受け入れると", 1.0)


def _card(ineligible: tuple[str, ...] | None) -> ResourceCard:
    return ResourceCard(resource=Resource(id="r", name="例", ineligible=ineligible))


_PERSON = Person(id="m1", situations=frozenset({"disability"}))

CRITERION = Criterion(
    key="ineligible",
    label="対象外",
    question="対象外とされる状況に当たらないか",
    kind=Kind.GATE,
    order=31,
    columns=(_INELIGIBLE,),
    reads=frozenset({Fact.SITUATIONS}),
    measure=_measure,
    explain=_explain,
    relax=_relax,
    examples=(
        Example(says="対象外です", card=_card(("disability",)), person=_PERSON, score=0),
        Example(says="当たりません", card=_card(("elderly",)), person=_PERSON, score=1),
        Example(says="記録はありません", card=_card(None), person=_PERSON, score=None),
    ),
)
