"""Decisions that two things are one, or are not: they survive re-import and can be undone."""

from graph.model.element import NodeKind
from graph.model.provenance import Judgement
from graph.store import View


def read_decisions(view: View) -> dict[str, str]:
    """For every merged thing the one that stands for it."""
    parent: dict[str, str] = {}
    for node in view.nodes(NodeKind.DECISION):
        if node.props.get("judgement") == Judgement.SAME.value:
            left, right = str(node.props["left"]), str(node.props["right"])
            parent[_root(parent, right)] = _root(parent, left)
    return {key: _root(parent, key) for key in parent}


def _root(parent: dict[str, str], key: str) -> str:
    seen = {key}
    while parent.get(key, key) != key and parent[key] not in seen:
        key = parent[key]
        seen.add(key)
    return key
