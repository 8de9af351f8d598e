"""The ways to introduce as a networkx graph: what the quick choice is held against."""

from collections.abc import Collection

import networkx as nx

from graph.model.element import NodeKind, Ref
from matching.card import ResourceCard
from matching.introduction import ASKS_AROUND, STRAIGHT, THROUGH_ORGANIZATION, Introducers

START = Ref(NodeKind.SOURCE_RECORD, "start")


def introduction_graph(known: Introducers, cards: Collection[ResourceCard]) -> "nx.DiGraph[Ref]":
    """Weighted ways from the start to each card. Ties go to the smaller id."""
    g: nx.DiGraph[Ref] = nx.DiGraph()
    g.add_node(START)
    asked = {c for card in cards for c in known.of_resource.get(card.id, ())}
    for card in cards:
        asked.update(known.of_organization.get(card.organization_id or "", ()))
    for key in sorted(asked | set(known.local[:1])):
        g.add_edge(START, Ref(NodeKind.CONTACT, key), weight=1.0 + known.cost(key))
    for card in cards:
        goal = Ref(NodeKind.RESOURCE, card.id)
        for key in sorted(known.of_resource.get(card.id, ())):
            if key in known.contacts:
                g.add_edge(Ref(NodeKind.CONTACT, key), goal, weight=0.0)
        if card.organization_id:
            middle = Ref(NodeKind.ORGANIZATION, card.organization_id)
            for key in sorted(known.of_organization.get(card.organization_id, ())):
                g.add_edge(Ref(NodeKind.CONTACT, key), middle, weight=THROUGH_ORGANIZATION)
                g.add_edge(middle, goal, weight=0.0)
        for key in known.local[:1]:
            source = Ref(NodeKind.CONTACT, key)
            if not g.has_edge(source, goal):
                g.add_edge(source, goal, weight=ASKS_AROUND)
        g.add_edge(START, goal, weight=STRAIGHT + 1.0)
    return g
