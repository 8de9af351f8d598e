"""What may be written at all: collects every fault before it complains."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from math import isfinite

from graph.errors import DanglingEdgeError, InputError
from graph.model.element import EDGE_ENDS, Edge, Node, Ref
from graph.model.values import Point, Value

_PLAIN = (str, int, float, bool, date, Point)
_IN_LIST = (str, int, float)
_SHOWN = 20
_LONGEST_ID = 1000
_POLE, _MERIDIAN = 90.0, 180.0


def check_nodes(nodes: Iterable[Node]) -> None:
    """Raise InputError (code ``bad_record``) when a node can't be kept exactly as it is."""
    _complain([fault for node in nodes for fault in _node_faults(node)])


def check_edges(edges: Iterable[Edge]) -> None:
    """Raise InputError (code ``bad_record``) for ends a kind may not join, or bad properties."""
    _complain([fault for edge in edges for fault in _edge_faults(edge)])


def dangling(edges: Collection[Edge]) -> DanglingEdgeError:
    """The error for edges whose ends do not exist."""
    keys = [f"{e.kind} {e.source.kind}/{e.source.id}→{e.target.kind}/{e.target.id}" for e in edges]
    return DanglingEdgeError(
        f"つながりの端の記録がありません（{len(keys)}件。例：{keys[0]}）。",
        facts={"edges": keys[:_SHOWN], "count": len(keys)},
    )


def _complain(faults: list[str]) -> None:
    if faults:
        raise InputError(
            f"保存できない記録が{len(faults)}件あります：{faults[0]}",
            hint="示された項目の値を直してから、もう一度実行してください。",
            code="bad_record",
            facts={"problems": faults[:_SHOWN], "count": len(faults)},
        )


def _node_faults(node: Node) -> list[str]:
    where = f"{node.kind}/{node.id}"
    return [*_id_faults(node.ref), *_prop_faults(where, node.props)]


def _edge_faults(edge: Edge) -> list[str]:
    where = f"{edge.kind} {edge.source.id}→{edge.target.id}"
    faults = [*_id_faults(edge.source), *_id_faults(edge.target)]
    sources, targets = EDGE_ENDS[edge.kind]
    if edge.source.kind not in sources or edge.target.kind not in targets:
        faults.append(f"{where}：{edge.source.kind}から{edge.target.kind}へは結べません")
    return [*faults, *_prop_faults(where, edge.props)] if edge.props else faults


def _id_faults(ref: Ref) -> list[str]:
    if not ref.id:
        return [f"{ref.kind}：IDが空です"]
    if len(ref.id) > _LONGEST_ID:
        return [f"{ref.kind}：IDが長すぎます（{len(ref.id)}字。{_LONGEST_ID}字まで）"]
    return [] if _writable(ref.id) else [f"{ref.kind}：IDに文字にならない符号があります"]


def _prop_faults(where: str, props: Mapping[str, Value]) -> list[str]:
    return [
        f"{where} の {name!s}：{fault}"
        for name, value in props.items()
        if (fault := _fault(name, value))
    ]


def _fault(name: object, value: object) -> str | None:
    if not isinstance(name, str) or not name or not _writable(name):
        return "項目名が文字ではありません"
    if isinstance(value, tuple):
        if all(isinstance(item, _IN_LIST) for item in value):
            return next((fault for item in value if (fault := _scalar_fault(item))), None)
        return "一覧には文字か数だけを入れられます"
    if not isinstance(value, _PLAIN):
        return f"{type(value).__name__} 型は保存できません（不明なら項目ごと省きます）"
    return _scalar_fault(value)


def _scalar_fault(value: object) -> str | None:
    if isinstance(value, str) and not _writable(value):
        return "文字にならない符号（対になっていないサロゲート）があります"
    if isinstance(value, float) and not isfinite(value):
        return "数ではない値（NaN・無限大）です"
    if isinstance(value, Point) and not _on_earth(value):
        return "緯度経度が範囲の外です"
    return None


def _on_earth(point: Point) -> bool:
    return abs(point.lat) <= _POLE and abs(point.lon) <= _MERIDIAN


def _writable(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
