"""Which 所管課 a gap ends at, and the 取組 of the action plan that covers it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph.model.codec import from_node
from graph.model.element import EdgeKind, NodeKind
from graph.model.people import Department, Program
from graph.store import View
from graph.text import normalise
from graph.vocabulary.concept import Concept, Family
from graph.vocabulary.protocol import Vocabulary

_SHORTEST_WORD = 2
_SUMMARY_WORTH = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A department and, where one covers the need, its programme (取組項目)."""

    department: str
    program: str | None = None


class Owners:
    """Departments of a store, found by resource or by need."""

    def __init__(self, by_resource: Mapping[str, str], by_need: Mapping[str, Owner]) -> None:
        self._by_resource = by_resource
        self._by_need = by_need

    @classmethod
    def load(cls, view: View, vocabulary: Vocabulary) -> "Owners":
        """Read OVERSEEN_BY and OWNED_BY, and read each programme's text for the needs it covers."""
        departments = {n.id: from_node(n, Department).name for n in view.nodes(NodeKind.DEPARTMENT)}
        by_resource = {
            edge.source.id: departments[edge.target.id] for edge in view.edges(EdgeKind.OVERSEEN_BY)
        }
        owned = {e.source.id: departments[e.target.id] for e in view.edges(EdgeKind.OWNED_BY)}
        programs = [
            (from_node(node, Program), owned[node.id])
            for node in view.nodes(NodeKind.PROGRAM)
            if node.id in owned
        ]
        return cls(by_resource, _owners_of_needs(programs, vocabulary))

    def of(self, need: str, resource_id: str | None = None) -> Owner | None:
        """Who could act: the resource's own department first, else the plan's. ``None`` = nobody."""
        planned = self._by_need.get(need)
        department = self._by_resource.get(resource_id) if resource_id else None
        if department is None:
            return planned
        program = planned.program if planned and planned.department == department else None
        return Owner(department=department, program=program)


def _owners_of_needs(
    programs: Sequence[tuple[Program, str]], vocabulary: Vocabulary
) -> dict[str, Owner]:
    """Score each programme for each need by the need's own words and those of its categories."""
    texts = [
        (normalise(p.name), normalise(p.summary or ""), p, department) for p, department in programs
    ]
    scores: dict[str, list[tuple[float, str, Owner]]] = defaultdict(list)
    categories = _hits(texts, vocabulary.concepts(Family.CATEGORY))
    needs = _hits(texts, vocabulary.concepts(Family.NEED))
    for index, (_, _, program, department) in enumerate(texts):
        owner = Owner(department=department, program=program.name)
        total: dict[str, float] = defaultdict(float)
        for key, worth in needs[index].items():
            total[key] += worth
        for key, worth in categories[index].items():
            for link in vocabulary.get(Family.CATEGORY, key).answers:
                total[link.key] += worth * link.weight * _SUMMARY_WORTH
        for key in program.needs or ():
            total[key] += 1.0
        for key, worth in total.items():
            scores[key].append((-worth, program.id, owner))
    best = {key: min(found, key=lambda item: item[:2])[2] for key, found in scores.items()}
    return _inherit(best, vocabulary)


def _hits(
    texts: Sequence[tuple[str, str, Program, str]], concepts: Iterable[Concept]
) -> list[dict[str, float]]:
    found: list[dict[str, float]] = [{} for _ in texts]
    for concept in concepts:
        words = {normalise(word) for word in (concept.label, *concept.synonyms)}
        words = {word for word in words if len(word) > _SHORTEST_WORD}
        for index, (name, summary, _, _) in enumerate(texts):
            if any(word in name for word in words):
                found[index][concept.key] = 1.0
            elif any(word in summary for word in words):
                found[index][concept.key] = _SUMMARY_WORTH
    return found


def _inherit(best: dict[str, Owner], vocabulary: Vocabulary) -> dict[str, Owner]:
    """A need nobody names falls to the nearest broader need that somebody names."""
    whole = dict(best)
    for need in vocabulary.concepts(Family.NEED):
        if need.key in whole:
            continue
        for key in vocabulary.ancestors(Family.NEED, need.key):
            if key in best:
                whole[need.key] = best[key]
                break
    return whole
