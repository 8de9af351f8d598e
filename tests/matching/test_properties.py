"""What must hold for any resource and any person."""

import math
from dataclasses import replace
from itertools import pairwise

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model.element import NodeKind, Ref
from graph.model.people import Contact, ContactKind
from graph.model.resource import Resource, Vacancy
from matching.ask import Ask
from matching.card import ResourceCard
from matching.criterion import gates, preferences
from matching.explain import contributions, suggestion
from matching.index import kernel
from matching.index.live import LiveIndex, compile_cards
from matching.index.search import search
from matching.introduction import Introducers, paths
from matching.profile import Household
from matching.weights import weights_of
from tests.matching.index.oracle import alone
from tests.matching.index.test_oracle import ask_of
from tests.matching.index.worlds import TODAY, cards, households, needs, profiles, worlds
from tests.matching.introduction_oracle import START, introduction_graph
from tests.matching.world import VOCABULARY


@settings(max_examples=40, deadline=None)
@given(worlds(), households(), needs, profiles)
def test_points_sum_and_the_range_holds_the_score(
    some: list[ResourceCard], household: Household, need: str, profile: str | None
) -> None:
    ask, weights = ask_of(household, need), weights_of(profile)
    index = LiveIndex(compile_cards(some, VOCABULARY), VOCABULARY)
    by_id = {card.id: card for card in some}
    for hit in search(index.parts, ask, weights, 20).hits:
        shown = suggestion(by_id[hit.resource_id], ask, hit, weights.heard(ask))
        assert math.isclose(sum(c.points for c in shown.contributions), shown.score, abs_tol=1e-9)
        assert 0 <= shown.score_low <= shown.score <= shown.score_high <= 1
        assert all(c.reason for c in shown.contributions)
        bars = contributions(by_id[hit.resource_id], ask, hit.parts, weights.heard(ask))
        assert bars == shown.contributions


@settings(max_examples=60, deadline=None)
@given(
    households(),
    needs,
    st.sampled_from([c.key for c in preferences()]),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_a_better_finding_never_lowers_the_score(
    household: Household, need: str, key: str, first: float, second: float
) -> None:
    import numpy as np

    heard = weights_of(None).heard(ask_of(household, need))
    low, high = sorted((first, second))

    def total(value: float) -> float:
        parts = tuple((None, np.array([w * (value if c.key == key else 0.5)])) for c, w in heard)
        most, whole = np.array([w for _, w in heard]), sum(weight for _, weight in heard)
        rows, groups = np.zeros(1, dtype=np.int32), np.zeros(1, dtype=np.uint8)
        places, found = np.zeros(1, dtype=np.int64), np.empty(1)
        asked = (rows, parts, most, whole, 1e9, rows, groups, False, 1, 1, 1, False)
        assert kernel.loops.pick(*asked, places, found) == 1
        return float(found[0])

    assert total(low) <= total(high)


@settings(max_examples=60, deadline=None)
@given(households(), needs)
def test_an_unknown_never_excludes(household: Household, need: str) -> None:
    """A resource of which nothing but its kind is known passes every gate that its kind passes."""
    ask = ask_of(household, need)
    rows = alone(ResourceCard(resource=Resource(id="r", name="場")), ask)
    for gate in gates():
        assert gate.score(rows, ask)[0] != 0, gate.key


@settings(max_examples=40, deadline=None)
@given(cards(), worlds(), households(), needs)
def test_a_resource_that_gains_room_never_drops(
    card: ResourceCard, others: list[ResourceCard], household: Household, need: str
) -> None:
    ask: Ask = ask_of(household, need)
    roomy = replace(
        card, resource=replace(card.resource, vacancy=Vacancy.AVAILABLE, vacancy_as_of=TODAY)
    )

    def place(one: ResourceCard) -> int:
        index = LiveIndex(compile_cards([one, *others], VOCABULARY), VOCABULARY)
        hits = search(index.parts, ask, weights_of(None), 50).hits
        ids = [hit.resource_id for hit in hits]
        return ids.index(one.id) if one.id in ids else len(others) + 1

    named = replace(card, resource=replace(card.resource, id="x"))
    assert place(replace(roomy, resource=replace(roomy.resource, id="x"))) <= place(named)


contact_sets = st.lists(st.sampled_from(["c1", "c2", "c3"]), unique=True)


@settings(max_examples=60, deadline=None)
@given(contact_sets, contact_sets, contact_sets, st.frozensets(st.sampled_from(["c1", "c2"])))
def test_the_introduction_is_a_cheapest_path(
    own: list[str], organization: list[str], local: list[str], near: frozenset[str]
) -> None:
    kinds = {"c1": ContactKind.CSW, "c2": ContactKind.DESK, "c3": None}
    known = Introducers(
        areas=frozenset({"east"}),
        contacts={key: Contact(id=key, name=key, kind=kind) for key, kind in kinds.items()},
        territory={key: {"east"} if key in near else {"west"} for key in kinds},
        of_resource={"r": own},
        of_organization={"o": organization},
        local=local,
    )
    card = ResourceCard(
        resource=Resource(id="r", name="場"), organization_id="o", organization="法人"
    )
    g = introduction_graph(known, [card])
    goal = Ref(NodeKind.RESOURCE, "r")
    hops = paths(known, [card], None)["r"]
    stops = [START, *(Ref(NodeKind(hop.kind), hop.id) for hop in hops)]
    cost = sum(g.edges[pair]["weight"] for pair in pairwise(stops))
    every = nx.all_simple_paths(g, START, goal)
    cheapest = min(nx.path_weight(g, path, "weight") for path in every)
    assert math.isclose(cost, cheapest)
    assert stops == nx.single_source_dijkstra_path(g, START)[goal]
    assert hops[-1].id == "r"
