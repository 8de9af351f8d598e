"""Trees and their likeness, against networkx on random trees."""

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import NotFoundError
from graph.vocabulary.tree import Tree


@st.composite
def forests(draw: st.DrawFn) -> dict[str, str | None]:
    size = draw(st.integers(2, 25))
    parent: dict[str, str | None] = {}
    for i in range(size):
        above = draw(st.integers(-1, i - 1)) if i else -1
        parent[f"n{i}"] = None if above < 0 else f"n{above}"
    return parent


def as_graph(parent: dict[str, str | None]) -> "nx.DiGraph[str]":
    g: nx.DiGraph[str] = nx.DiGraph()
    g.add_nodes_from(parent)
    g.add_edges_from((above, key) for key, above in parent.items() if above is not None)
    return g


@given(forests())
def test_ancestors_and_common_agree_with_networkx(parent: dict[str, str | None]) -> None:
    tree, g = Tree(parent), as_graph(parent)
    keys = list(parent)
    for left in keys:
        assert set(tree.ancestors(left)) == nx.ancestors(g, left)
        for right in keys:
            assert tree.common(left, right) == nx.lowest_common_ancestor(g, left, right)


@given(forests())
def test_likeness_falls_with_distance(parent: dict[str, str | None]) -> None:
    tree = Tree(parent)
    for key in parent:
        chain = tree.ancestors(key)
        likeness = [tree.similarity(key, above) for above in chain]
        assert likeness == sorted(likeness, reverse=True)
        assert tree.similarity(key, key) == 1.0


def test_separate_trees_have_nothing_in_common() -> None:
    tree = Tree({"a": None, "b": None, "c": "a"})
    assert tree.similarity("b", "c") == 0.0
    assert tree.head("c") == "a"
    assert tree.head("b") == "b"


def test_unknown_key() -> None:
    with pytest.raises(NotFoundError):
        Tree({"a": None}).ancestors("z")
