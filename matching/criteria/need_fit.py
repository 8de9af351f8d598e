"""困りごとへの応え：この種類の資源が、その困りごとにどれだけ直接応えるか。ほかの何よりも重い。"""

from graph.model.resource import Resource
from matching.ask import Ask, Fact
from matching.card import ResourceCard
from matching.criterion import Criterion, Finding, Floats, Kind
from matching.example import DESK, SALON, Example
from matching.index.fit import fit_of
from matching.index.rows import Rows
from matching.index.shared import KIND

#: From this fit on a kind answers the need itself; below, it helps beside.
ANSWERS_FROM = 0.5
_DIRECTLY_FROM = 0.8


def _measure(rows: Rows, ask: Ask) -> Floats:
    kinds, codes = rows.coded("kind")
    return fit_of(kinds, ask.need.key, ask.vocabulary).at(codes)


def _explain(card: ResourceCard, ask: Ask, score: float | None) -> Finding:
    offered = card.category.label if card.category else card.resource.category_text
    asked = ask.need.label
    if score is None:
        return Finding("種類が分からず、困りごとに応えるかは確かめられません。", asked, offered)
    name = offered or "この場"
    if score >= ANSWERS_FROM:
        word = "直接応えます" if score >= _DIRECTLY_FROM else "応えます"
        return Finding(f"{name}は「{asked}」に{word}。", asked, offered)
    if score > 0:
        return Finding(f"{name}は「{asked}」に直接は応えませんが、助けになります。", asked, offered)
    return Finding(f"{name}は「{asked}」に応える種類ではありません。", asked, offered)


def _confirm(_card: ResourceCard, ask: Ask) -> str:
    return f"「{ask.need.label}」の相談や利用を受けられるか"


CRITERION = Criterion(
    key="need_fit",
    label="困りごとへの応え",
    question="この困りごとに応える種類か",
    kind=Kind.PREFERENCE,
    weight=14.0,
    neutral=0.0,
    columns=(KIND,),
    reads=frozenset({Fact.NEED}),
    measure=_measure,
    explain=_explain,
    confirm=_confirm,
    examples=(
        Example(
            says="直接応えます",
            card=ResourceCard(
                resource=Resource(id="r", name="例", category="salon"), category=SALON
            ),
            score=0.9,
        ),
        Example(
            says="助けになります",
            card=ResourceCard(resource=Resource(id="r", name="例", category="desk"), category=DESK),
            score=0.3,
        ),
        Example(
            says="直接応えます",
            card=ResourceCard(resource=Resource(id="r", name="例", needs=("ibasho",))),
            score=0.95,
        ),
        Example(
            says="応える種類ではありません",
            card=ResourceCard(
                resource=Resource(id="r", name="例", category="salon"), category=SALON
            ),
            need="money",
            score=0.0,
        ),
        Example(
            says="種類が分からず",
            card=ResourceCard(resource=Resource(id="r", name="例")),
            score=None,
        ),
    ),
)
