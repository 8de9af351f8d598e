"""From a row's numbers to bars and sentences that add up."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matching.ask import Ask
from matching.card import ResourceCard
from matching.criteria.cost import CRITERION as COST
from matching.criterion import Criterion, gates
from matching.distance import metres_to
from matching.index.search import Heard, Hit
from matching.nextopen import next_open
from matching.result import Confirm, Contribution, Hop, Missing, Suggestion, Verdict

#: Decimals of scores and points as they are given out.
SHOWN = 6
#: More questions than this are not asked before a first call.
CONFIRM_AT_MOST = 5


def contributions(
    card: ResourceCard, ask: Ask, parts: Mapping[str, float], heard: Heard
) -> tuple[Contribution, ...]:
    """A bar for each preference; the points sum to the score exactly (to :data:`SHOWN`)."""
    whole = sum(weight for _, weight in heard)
    counted = [
        (c, weight, _known(parts[c.key]), _counted(parts[c.key], c) * weight / whole)
        for c, weight in heard
    ]
    rounded = [round(points, SHOWN) for *_, points in counted]
    total = round(math.fsum(points for *_, points in counted), SHOWN)
    if rounded:
        # 丸めの端数は、いちばん大きい棒に寄せて和を合わせる。
        largest = max(range(len(rounded)), key=rounded.__getitem__)
        rounded[largest] = round(rounded[largest] + total - math.fsum(rounded), SHOWN)
    return tuple(
        _bar(criterion, card, ask, score, weight, points)
        for (criterion, weight, score, _), points in zip(counted, rounded, strict=True)
    )


def gate_findings(
    card: ResourceCard, ask: Ask, values: Mapping[str, float]
) -> tuple[Contribution, ...]:
    """What each gate says; gates carry no points."""
    return tuple(_bar(gate, card, ask, _known(values[gate.key]), 0.0, 0.0) for gate in gates())


@dataclass(frozen=True, slots=True)
class Read:
    """A number of the index as it is given out: what outcomes are decided by."""

    criterion: str
    score: float | None
    verdict: Verdict


def read(criterion: Criterion, value: float | None) -> Read:
    """The score (NaN = not known) rounded as it is shown, and the word for it."""
    if value is None or math.isnan(value):
        return Read(criterion.key, None, criterion.verdict(None))
    return Read(criterion.key, round(value, SHOWN), criterion.verdict(value))


def _bar(
    criterion: Criterion,
    card: ResourceCard,
    ask: Ask,
    score: float | None,
    weight: float,
    points: float,
) -> Contribution:
    finding = criterion.explain(card, ask, score)
    bar = read(criterion, score)
    return Contribution(
        criterion=bar.criterion,
        label=criterion.label,
        verdict=bar.verdict,
        weight=weight,
        score=bar.score,
        points=points,
        reason=finding.reason,
        asked=finding.asked,
        offered=finding.offered,
    )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _counted(value: float, criterion: Criterion) -> float:
    return criterion.neutral if math.isnan(value) else value


def confirms(card: ResourceCard, ask: Ask, hit: Hit, heard: Heard) -> tuple[Confirm, ...]:
    """What to ask by phone: unknown gates first, then unknown preferences, heaviest first."""
    unknown = [gate for gate in gates() if math.isnan(hit.gates[gate.key])]
    unknown += [c for c, _ in sorted(heard, key=lambda h: -h[1]) if math.isnan(hit.parts[c.key])]
    asked = ((c.key, c.confirm(card, ask)) for c in unknown)
    found = [Confirm(field=key, question=text, phone=card.phone) for key, text in asked if text]
    return tuple(found[:CONFIRM_AT_MOST])


def missing(criterion: Criterion, card: ResourceCard, ask: Ask) -> Missing | None:
    """The one change that would open the resource; ``None`` where none is known."""
    change = criterion.relax(card, ask)
    if change is None:
        return None
    return Missing(
        criterion=criterion.key,
        label=criterion.label,
        wanted=change.wanted,
        offered=change.offered,
        change=change.change,
        amount=round(change.amount, SHOWN),
    )


def suggestion(
    card: ResourceCard, ask: Ask, hit: Hit, heard: Heard, introduction: Sequence[Hop] = ()
) -> Suggestion:
    """Everything a counsellor needs to defend one line in a meeting."""
    resource = card.resource
    metres = metres_to(card, ask)
    bars = contributions(card, ask, hit.parts, heard)
    return Suggestion(
        resource_id=card.id,
        name=resource.name,
        category=resource.category,
        category_label=card.category.label if card.category else resource.category_text,
        score=round(math.fsum(bar.points for bar in bars), SHOWN),
        score_low=round(hit.score_low, SHOWN),
        score_high=round(hit.score_high, SHOWN),
        contributions=bars,
        confirm=confirms(card, ask, hit, heard),
        introduction=tuple(introduction),
        distance_m=None if metres is None else round(metres),
        minutes=None if metres is None else round(ask.travelling.fastest(metres)[0]),
        next_open=next_open(resource, ask.on),
        cost=COST.explain(card, ask, None).offered,
        area=resource.area_text,
        phone=card.phone,
        assured_date=resource.assured_date,
    )


def is_miss(bar: Contribution) -> bool:
    """Whether a bar says no."""
    return bar.verdict is Verdict.MISSES
