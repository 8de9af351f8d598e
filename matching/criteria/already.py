"""関わり済み：いま関わっている相談・支援機関は、仲間として示し、新しくはすすめない。"""

from graph.model.resource import Resource
from matching.ask import Ask, Fact
from matching.card import ResourceCard
from matching.criterion import Change, Criterion, Finding, Floats, Kind
from matching.example import DESK, Example
from matching.index.rows import Rows
from matching.index.shared import CATEGORY
from matching.suits import category


def _measure(rows: Rows, ask: Ask) -> Floats:
    if not ask.household.already_categories:
        version = ("known_kind", ask.vocabulary.version)
        return rows.lookup("category", version, lambda key: _fit(key, ask))
    return rows.map("category", lambda key: _fit(key, ask))


def _fit(key: str | None, ask: Ask) -> float | None:
    kind = category(key, ask.vocabulary)
    if kind is None:
        return None
    return float("agency" not in kind.traits or key not in ask.household.already_categories)


def _explain(card: ResourceCard, _ask: Ask, score: float | None) -> Finding:
    kind = card.category.label if card.category else None
    if score is None:
        return Finding("種類が分からず、すでに関わっているかは分かりません。")
    if score:
        return Finding("まだ関わっていない先です。", offered=kind)
    return Finding(f"{kind}はすでに関わっています。仲間として役割を分けます。", kind, kind)


def _relax(_card: ResourceCard, _ask: Ask) -> Change | None:
    return None


_CARD = ResourceCard(resource=Resource(id="r", name="例", category="desk"), category=DESK)

CRITERION = Criterion(
    key="already",
    label="関わり済み",
    question="まだ関わっていない先か",
    kind=Kind.GATE,
    order=48,
    columns=(CATEGORY,),
    reads=frozenset({Fact.ALREADY}),
    measure=_measure,
    explain=_explain,
    relax=_relax,
    examples=(
        Example(
            says="すでに関わっています",
            card=_CARD,
            household={"already_categories": frozenset({"desk"})},
            score=0,
        ),
        Example(says="まだ関わっていない", card=_CARD, score=1),
        Example(
            says="種類が分からず",
            card=ResourceCard(resource=Resource(id="r", name="例")),
            score=None,
        ),
    ),
)
