"""All Cypher of the server store: portable Cypher 5, business keys, every value a parameter.

Labels and relationship types can't be parameters; they come from our closed enumerations alone.
A node keeps its properties as canonical text (``props``), beside it natively what is searched
for: the look-up properties, ``open`` (who may see it), ``band``, ``lat`` and ``lon``.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from graph.backends.lookups import LOOKUPS
from graph.model.element import EDGE_ENDS, EdgeKind, NodeKind

LABELS: Mapping[NodeKind, str] = MappingProxyType(
    {kind: "".join(part.title() for part in kind.split("_")) for kind in NodeKind}
)
TYPES: Mapping[EdgeKind, str] = MappingProxyType({kind: kind.upper() for kind in EdgeKind})
KIND_OF_TYPE: Mapping[str, EdgeKind] = MappingProxyType({t: k for k, t in TYPES.items()})

PLACED = (NodeKind.FACILITY, NodeKind.AREA)

ANYTHING = "MATCH (n) RETURN n LIMIT 1"
READ_META = (
    "MATCH (m:TsunaguMeta {key: 'store'})"
    " RETURN m.version AS version, m.head AS head, m.floor AS floor, m.loading AS loading"
)
MAKE_META = (
    "MERGE (m:TsunaguMeta {key: 'store'})"
    " ON CREATE SET m.version = $version, m.head = 0, m.floor = 0"
)
# SETで書き込みの順番を得てから番号を読む。先に読むと、同じ番号が二度使われる。
TAKE_TURN = (
    "MATCH (m:TsunaguMeta {key: 'store'}) SET m.turn = $token"
    " RETURN m.version AS version, m.head AS head, m.floor AS floor, m.loading AS loading"
)
IS_DONE = "MATCH (w:TsunaguWrite {token: $token}) RETURN w.token AS token"
MARK = "CREATE (w:TsunaguWrite {token: $token, first: $first, last: $last, at: $at, actor: $actor})"
# 番号・印・変更の記録を一文で。戻ったばかりのサーバーは、初めての文ほど遅い。
RECORD = (
    "MATCH (m:TsunaguMeta {key: 'store'}) SET m.head = $last"
    " CREATE (w:TsunaguWrite {token: $token, first: $first, last: $last, at: $at, actor: $actor})"
    " WITH w UNWIND $rows AS row"
    " CREATE (c:TsunaguChange {first: row.first, last: row.last, at: $at, entries: row.entries})"
)
SET_HEAD_AND_FLOOR = (
    "MATCH (m:TsunaguMeta {key: 'store'})"
    " SET m.head = $head, m.floor = $head, m.marked = $head, m.mark = $mark"
)
SET_FLOOR = (
    "MATCH (m:TsunaguMeta {key: 'store'}) SET m.floor = $floor, m.marked = $floor, m.mark = $mark"
)
# 印を知らない版が下限を上げたあとは、marked が下限と合わなくなる。
READ_MARK = (
    "MATCH (m:TsunaguMeta {key: 'store'})"
    " RETURN m.floor AS floor, m.marked AS marked, m.mark AS mark"
)
SET_LOADING = "MATCH (m:TsunaguMeta {key: 'store'}) SET m.loading = $loading"
READ_CHANGES = (
    "MATCH (c:TsunaguChange) WHERE c.first > $low AND c.first <= $high"
    " WITH c ORDER BY c.first RETURN c.first AS first, c.at AS at, c.entries AS entries"
)
FIRST_SINCE = "MATCH (c:TsunaguChange) WHERE c.at >= $at RETURN min(c.first) AS first"
PRUNE_CHANGES = (
    "MATCH (c:TsunaguChange) WHERE c.first <= $floor AND c.last <= $floor"
    " WITH c LIMIT 10000 DELETE c RETURN count(*) AS gone"
)
PRUNE_WRITES = "MATCH (w:TsunaguWrite) WHERE w.last <= $floor WITH w LIMIT 10000 DELETE w"
FEED_SPAN = (
    "MATCH (c:TsunaguChange) WHERE c.last <= $head RETURN coalesce(sum(c.last - c.first + 1), 0) AS count,"
    " coalesce(min(c.first), 0) AS first, coalesce(max(c.last), 0) AS last"
)

_OPEN = "({0}.open = 1 OR ({0}.open = 2 AND NOT EXISTS {{ MATCH ({0})<-[:HIDDEN_AT]-() }}))"


def schema() -> Iterator[str]:
    """Constraints and indexes Community has; each may be run again."""
    for label, key in (*((label, "id") for label in LABELS.values()), *_OWN_KEYS):
        yield (
            f"CREATE CONSTRAINT tsunagu_{label.lower()}_{key} IF NOT EXISTS"
            f" FOR (n:{label}) REQUIRE n.{key} IS UNIQUE"
        )
    for kind, props in LOOKUPS.items():
        for prop in sorted(props):
            yield _index(kind, prop)
    for kind in PLACED:
        yield _index(kind, "band", "lon")


_OWN_KEYS = (("TsunaguMeta", "key"), ("TsunaguWrite", "token"), ("TsunaguChange", "first"))


def _index(kind: NodeKind, *props: str) -> str:
    columns = ", ".join(f"n.{prop}" for prop in props)
    name = f"tsunagu_{kind}_{'_'.join(props)}"
    return f"CREATE INDEX {name} IF NOT EXISTS FOR (n:{LABELS[kind]}) ON ({columns})"


def seen(name: str, *, public: bool) -> str:
    """Condition under which a node may be seen."""
    return _OPEN.format(name) if public else "true"


def get_nodes(kind: NodeKind, *, public: bool) -> str:
    """Those of ``$ids`` that exist."""
    return (
        f"UNWIND $ids AS id MATCH (n:{LABELS[kind]} {{id: id}}) WHERE {seen('n', public=public)}"
        " RETURN collect([n.id, n.props]) AS rows"
    )


def page_of_nodes(kind: NodeKind, *, public: bool) -> str:
    """One record for a whole page: the cost lies in the number of records."""
    return (
        f"MATCH (n:{LABELS[kind]}) WHERE n.id > $after AND {seen('n', public=public)}"
        " WITH n ORDER BY n.id LIMIT $limit"
        " RETURN collect(n.id) AS ids, collect(n.props) AS props"
    )


def id_at(kind: NodeKind, *, public: bool) -> str:
    """The id ``$place`` places behind the first, in a list that may be empty."""
    return (
        f"MATCH (n:{LABELS[kind]}) WHERE {seen('n', public=public)}"
        " WITH n.id AS id ORDER BY id SKIP $place LIMIT 1 RETURN collect(id) AS ids"
    )


def count_edges(kind: EdgeKind) -> str:
    """How many edges of a kind there are (kept by the server, not counted)."""
    return f"MATCH ()-[r:{TYPES[kind]}]->() RETURN count(r) AS count"


def few_edges(kind: EdgeKind, source: NodeKind, *, public: bool) -> str:
    """All edges of a kind at once; for kinds of few edges."""
    return (
        f"MATCH (a:{LABELS[source]})-[r:{TYPES[kind]}]->(b)"
        f" WHERE {seen('a', public=public)} AND {seen('b', public=public)}"
        " RETURN collect([a.id, b.kind, b.id, coalesce(r.props, '{}')]) AS rows"
    )


def page_of_edges(kind: EdgeKind, source: NodeKind, *, public: bool) -> str:
    """The edges of one page of sources, as one record; what goes without saying isn't sent.

    Each is [kind, id] of its target, the kind only where there may be several, then properties.
    """
    end = "b.id" if len(EDGE_ENDS[kind][1]) == 1 else "b.kind, b.id"
    return (
        f"MATCH (a:{LABELS[source]}) WHERE a.id > $after AND {seen('a', public=public)}"
        " WITH a ORDER BY a.id LIMIT $limit"
        f" RETURN collect(a.id) AS ids, collect([(a)-[r:{TYPES[kind]}]->(b)"
        f" WHERE {seen('b', public=public)}"
        f" | CASE WHEN r.props IS NULL THEN [{end}] ELSE [{end}, r.props] END]) AS ends"
    )


def find_nodes(kind: NodeKind, prop: str, *, public: bool) -> str:
    """Nodes by a look-up property."""
    return (
        f"MATCH (n:{LABELS[kind]}) WHERE n.{prop} = $value AND {seen('n', public=public)}"
        " RETURN collect([n.id, n.props]) AS rows"
    )


def neighbours(kind: NodeKind, kinds: Sequence[EdgeKind], *, outward: bool, public: bool) -> str:
    """Edges of some kinds at ``$ids`` with the node at the other end."""
    types = "|".join(TYPES[k] for k in kinds)
    arrow = f"-[r:{types}]->" if outward else f"<-[r:{types}]-"
    hidden = " AND type(r) <> 'HIDDEN_AT'" if public else ""
    return (
        f"UNWIND $ids AS id MATCH (n:{LABELS[kind]} {{id: id}}){arrow}(m)"
        f" WHERE {seen('n', public=public)} AND {seen('m', public=public)}{hidden}"
        " RETURN collect([n.id, type(r), coalesce(r.props, '{}'), m.kind, m.id, m.props]) AS rows"
    )


def in_bands(kind: NodeKind, *, public: bool) -> str:
    """Nodes whose point lies in some bands of latitude and a range of longitude."""
    return (
        f"UNWIND $bands AS band MATCH (n:{LABELS[kind]})"
        " WHERE n.band = band AND n.lon >= $west AND n.lon <= $east"
        f" AND {seen('n', public=public)} RETURN collect([n.id, n.props]) AS rows"
    )


def count_nodes(kind: NodeKind, *, public: bool) -> str:
    """How many nodes of a kind there are."""
    where = f" WHERE {seen('n', public=True)}" if public else ""
    return f"MATCH (n:{LABELS[kind]}){where} RETURN count(n) AS count"


def empty(label: str) -> str:
    """Remove some of what carries a label; run it until nothing is gone."""
    return f"MATCH (n:{label}) WITH n LIMIT 5000 DETACH DELETE n RETURN count(*) AS gone"


def create_nodes(kind: NodeKind) -> str:
    """Add nodes that are known to be new."""
    return f"UNWIND $rows AS row CREATE (n:{LABELS[kind]}) SET n = row"


def replace_nodes(kind: NodeKind) -> str:
    """Replace nodes whole."""
    return f"UNWIND $rows AS row MATCH (n:{LABELS[kind]} {{id: row.id}}) SET n = row"


def delete_nodes(kind: NodeKind) -> str:
    """Remove nodes and every edge at them."""
    return f"UNWIND $ids AS id MATCH (n:{LABELS[kind]} {{id: id}}) DETACH DELETE n"


def edges_at(kind: NodeKind) -> str:
    """Every edge at ``$ids``, either way."""
    end = f"UNWIND $ids AS id MATCH (n:{LABELS[kind]} {{id: id}})"
    return (
        f"{end}-[r]->(m) RETURN type(r) AS type, n.kind AS sk, n.id AS si, m.kind AS tk, m.id AS ti"
        f" UNION {end}<-[r]-(m)"
        " RETURN type(r) AS type, m.kind AS sk, m.id AS si, n.kind AS tk, n.id AS ti"
    )


def _ends(source: NodeKind, target: NodeKind) -> str:
    return (
        f"UNWIND $rows AS row MATCH (a:{LABELS[source]} {{id: row.s}})"
        f" MATCH (b:{LABELS[target]} {{id: row.t}})"
    )


def existing_edges(kind: EdgeKind, source: NodeKind, target: NodeKind) -> str:
    """Those of the given edges that exist, with their properties."""
    return (
        f"{_ends(source, target)} MATCH (a)-[r:{TYPES[kind]}]->(b)"
        " RETURN collect([a.id, b.id, coalesce(r.props, '{}')]) AS rows"
    )


def create_edges(kind: EdgeKind, source: NodeKind, target: NodeKind, *, plain: bool = False) -> str:
    """Add edges that are known to be new; ``made`` below the number of rows = an end is missing.

    ``plain``: none of them has properties.
    """
    setting = "" if plain else " SET r.props = row.props"
    return (
        f"{_ends(source, target)} CREATE (a)-[r:{TYPES[kind]}]->(b)"
        f"{setting} RETURN count(r) AS made"
    )


def replace_edges(kind: EdgeKind, source: NodeKind, target: NodeKind) -> str:
    """Replace the properties of edges."""
    return f"{_ends(source, target)} MATCH (a)-[r:{TYPES[kind]}]->(b) SET r.props = row.props"


def delete_edges(kind: EdgeKind, source: NodeKind, target: NodeKind) -> str:
    """Remove edges."""
    return f"{_ends(source, target)} MATCH (a)-[r:{TYPES[kind]}]->(b) DELETE r"
