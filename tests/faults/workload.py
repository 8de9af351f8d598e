"""A small import in batches: what is acknowledged can be told from what is there."""

from collections.abc import Iterable

from graph.model.element import Edge, EdgeKind, Node, NodeKind, Ref
from graph.model.values import Point
from graph.store import GraphStore, View

K = NodeKind
BATCHES = 40
_SIZE = 60


def nodes(batch: int) -> list[Node]:
    """The records of a batch: places, each with its own facility, and one area."""
    made = [Node(kind=K.AREA, id=f"a{batch:03}", props={"name": f"第{batch}区"})]
    for i in range(_SIZE):
        point = Point(35 + batch / 100, 140 + i / 1000)
        made.append(Node(kind=K.FACILITY, id=f"f{batch:03}-{i:03}", props={"point": point}))
        made.append(Node(kind=K.RESOURCE, id=f"r{batch:03}-{i:03}", props={"name": f"場{i}𠮷"}))
    return made


def edges(batch: int) -> list[Edge]:
    """Its edges; some lead back to the batch before."""
    area = Ref(K.AREA, f"a{batch:03}")
    found = []
    for i in range(_SIZE):
        place = Ref(K.RESOURCE, f"r{batch:03}-{i:03}")
        found.append(Edge(kind=EdgeKind.SERVES, source=place, target=area))
        spot = Ref(K.FACILITY, f"f{batch:03}-{i:03}")
        found.append(Edge(kind=EdgeKind.LOCATED_AT, source=place, target=spot, props={"i": i}))
    if batch:
        before = Ref(K.AREA, f"a{batch - 1:03}")
        found.append(Edge(kind=EdgeKind.PART_OF, source=area, target=before))
    return found


def write_batch(store: GraphStore, batch: int) -> None:
    """One business action."""
    with store.write(actor="取込") as w:
        w.put(nodes(batch))
        w.link(edges(batch))


def state(view: View, batches: Iterable[int]) -> tuple[set[int], set[int]]:
    """Batches that are wholly there, and those that are there in part."""
    there = {node.ref for kind in (K.AREA, K.FACILITY, K.RESOURCE) for node in view.nodes(kind)}
    kinds = (EdgeKind.SERVES, EdgeKind.LOCATED_AT, EdgeKind.PART_OF)
    joined = {edge.key for kind in kinds for edge in view.edges(kind)}
    whole: set[int] = set()
    part: set[int] = set()
    for batch in batches:
        found = [node.ref in there for node in nodes(batch)]
        found += [edge.key in joined for edge in edges(batch)]
        if all(found):
            whole.add(batch)
        elif any(found):
            part.add(batch)
    return whole, part
