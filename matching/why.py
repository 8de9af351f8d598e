"""なぜ・なぜでない: every gate and criterion of one resource for every need of a case."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph.errors import NotFoundError
from graph.model.element import NodeKind
from graph.store import View
from graph.text import normalise
from matching.ask import Ask
from matching.card import ResourceCard
from matching.criterion import Criterion, gates
from matching.explain import gate_findings, missing, suggestion
from matching.index.live import LiveIndex
from matching.index.search import Hit, Weights, measure
from matching.result import Confirm, Contribution, Missing

#: A name is also read loosely (spaces, width, kana) while the store has at most so many resources.
_LOOSE_UP_TO = 50_000
_NAMED_AT_MOST = 5
_NOT_ITS_KIND = "この困りごとに応える種類ではないため、候補になりません。"

Reader = Callable[[Iterable[str]], Mapping[str, ResourceCard]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNeed:
    """What one need comes to. ``fits``: passes every gate and answers the need.

    ``score`` is what it has, or would have if the failed gates were open; ``failed`` names the
    gates it fails, ``missing`` the change each would take.
    """

    member: str
    need: str
    label: str
    fits: bool
    summary: str
    score: float
    score_low: float
    score_high: float
    gates: tuple[Contribution, ...]
    contributions: tuple[Contribution, ...]
    failed: tuple[str, ...]
    missing: tuple[Missing, ...]
    confirm: tuple[Confirm, ...]
    distance_m: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The answer for one resource."""

    resource_id: str
    name: str
    category: str | None
    category_label: str | None
    phone: str | None
    needs: tuple[WhyNeed, ...]


def why_of(
    resource: str,
    asks: Sequence[Ask],
    index: LiveIndex,
    weights: Weights,
    view: View,
    reader: Reader,
) -> Why:
    """Explain a resource, named by id or name. Raises NotFoundError when there is none."""
    key = find_resource(resource, view)
    place = index.locate(key)
    card = reader([key]).get(key)
    if place is None or card is None:
        raise _not_found(resource)
    segment, row = place
    needs = []
    for ask in asks:
        heard = weights.heard(ask)
        hit = measure(segment, row, ask, heard)
        needs.append(_need(card, ask, hit, heard))
    return Why(
        resource_id=card.id,
        name=card.resource.name,
        category=card.resource.category,
        category_label=card.category.label if card.category else card.resource.category_text,
        phone=card.phone,
        needs=tuple(needs),
    )


def _need(
    card: ResourceCard, ask: Ask, hit: Hit, heard: tuple[tuple[Criterion, float], ...]
) -> WhyNeed:
    failed = [gate for gate in gates() if hit.gates[gate.key] == 0]
    changes = [missing(gate, card, ask) for gate in failed]
    answers = hit.parts.get("need_fit", 0.0) > 0
    shown = suggestion(card, ask, hit, heard)
    findings = gate_findings(card, ask, hit.gates)
    return WhyNeed(
        member=ask.person.id,
        need=ask.need.key,
        label=ask.need.label,
        fits=answers and not failed,
        summary=_summary(failed, findings) if answers else _NOT_ITS_KIND,
        score=shown.score,
        score_low=shown.score_low,
        score_high=shown.score_high,
        gates=findings,
        contributions=shown.contributions,
        failed=tuple(gate.key for gate in failed),
        missing=tuple(change for change in changes if change),
        confirm=shown.confirm,
        distance_m=shown.distance_m,
    )


def _summary(failed: list[Criterion], findings: Sequence[Contribution]) -> str:
    if not failed:
        return "条件に合い、候補になります。"
    names = {gate.key for gate in failed}
    return "候補から外れます。" + "".join(f.reason for f in findings if f.criterion in names)


def find_resource(text: str, view: View) -> str:
    """The id of a resource named by id, exact name, or name as read loosely.

    Raises NotFoundError when none, or more than one, is meant.
    """
    if any(view.get_many(NodeKind.RESOURCE, (text,))):
        return text
    ids = [node.id for node in view.find(NodeKind.RESOURCE, "name", text)]
    if not ids and view.counts().get(NodeKind.RESOURCE, 0) <= _LOOSE_UP_TO:
        wanted = normalise(text)
        ids = [
            node.id
            for node in view.nodes(NodeKind.RESOURCE)
            if wanted
            in (
                normalise(str(node.props.get("name", ""))),
                normalise(str(node.props.get("name_kana", ""))),
            )
        ]
    if len(ids) == 1:
        return ids[0]
    if ids:
        raise NotFoundError(
            f"「{text}」という資源が{len(ids)}件あります。",
            hint=f"資源IDで指定してください（{'、'.join(ids[:_NAMED_AT_MOST])}）。",
            code="ambiguous",
            facts={"ids": ids[:_NAMED_AT_MOST]},
        )
    raise _not_found(text)


def _not_found(text: str) -> NotFoundError:
    return NotFoundError(
        f"「{text[:60]}」という資源は台帳にありません。",
        hint="資源IDか、台帳のとおりの名称で指定してください。",
        facts={"resource": text[:60]},
    )
