"""広げる: which single change of which existing resource would serve most waiting people.

Every open need brings the resources it misses by exactly one condition. A change that is a matter
of degree (an age limit, a distance) serves everyone who needs that much or less, so each degree is
weighed as a change of its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from matching.gaps.cells import Count
from matching.gaps.unmet import Asked
from matching.owners import Owners
from matching.result import Almost, Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Widening:
    """One change of one resource and the waiting people it would serve (``serves`` = people)."""

    resource_id: str
    name: str
    category: str | None
    criterion: str
    label: str
    offered: str
    change: str
    serves: Count
    asks: Count
    needs: tuple[str, ...]
    department: str | None
    program: str | None


def widenings(asked: Iterable[Asked], owners: Owners) -> tuple[Widening, ...]:
    """Every single change that would serve somebody, the one that serves most first."""
    waiting: dict[tuple[str, str], list[tuple[Asked, Almost, Missing]]] = defaultdict(list)
    for item in asked:
        if not item.is_unmet:
            continue
        for almost in item.almost:
            if len(almost.missing) == 1:
                waiting[almost.resource_id, almost.missing[0].criterion].append(
                    (item, almost, almost.missing[0])
                )
    found = [w for rows in waiting.values() for w in _of_resource(rows, owners)]
    return tuple(_undominated(found))


def _of_resource(
    rows: list[tuple[Asked, Almost, Missing]], owners: Owners
) -> Iterable[tuple[float, Widening]]:
    """The changes of one condition of one resource, one for each degree that somebody needs.

    Each with how far the condition moves.
    """
    for change, (almost, missing, served) in _degrees(rows).items():
        needs = sorted({item.need for item in served})
        owner = owners.of(needs[0], almost.resource_id)
        yield (
            missing.amount or 0.0,
            Widening(
                resource_id=almost.resource_id,
                name=almost.name,
                category=almost.category,
                criterion=missing.criterion,
                label=missing.label,
                offered=missing.offered,
                change=change,
                serves=len({item.who for item in served}),
                asks=len(served),
                needs=tuple(needs),
                department=owner.department if owner else None,
                program=owner.program if owner else None,
            ),
        )


def _degrees(
    rows: list[tuple[Asked, Almost, Missing]],
) -> Mapping[str, tuple[Almost, Missing, list[Asked]]]:
    """Each change with who is served by it; those who need the very same are looked at as one."""
    first: dict[str, tuple[Almost, Missing]] = {}
    alike: dict[tuple[str, str | None, float | None], tuple[Missing, list[Asked]]] = {}
    for item, almost, missing in rows:
        first.setdefault(missing.change, (almost, missing))
        degree = (missing.change, missing.side, missing.amount)
        alike.setdefault(degree, (missing, []))[1].append(item)
    return {
        change: (
            almost,
            missing,
            [item for other, items in alike.values() if _serves(missing, other) for item in items],
        )
        for change, (almost, missing) in first.items()
    }


def _serves(missing: Missing, other: Missing) -> bool:
    """Whether the change for one serves another as well: the same, or a smaller degree of it."""
    return other.change == missing.change or (
        _same_side(other, missing) and (other.amount or 0) <= (missing.amount or 0)
    )


def _same_side(left: Missing, right: Missing) -> bool:
    """Two degrees compare when both are measured and the condition moves the same way."""
    if left.amount is None or right.amount is None or left.side is None:
        return False
    return left.side == right.side


def _undominated(found: Iterable[tuple[float, Widening]]) -> list[Widening]:
    """Drop a change that serves no more than a smaller change of the same condition."""
    best: dict[tuple[str, str, int], tuple[float, str, Widening]] = {}
    for amount, widening in found:
        key = (widening.resource_id, widening.criterion, widening.serves)
        if key not in best or (amount, widening.change) < best[key][:2]:
            best[key] = (amount, widening.change, widening)
    kept = (widening for *_, widening in best.values())
    return sorted(kept, key=lambda w: (-w.serves, -w.asks, w.resource_id, w.change))
