"""All SQL of the embedded store; what another SQL engine says differently is changed here alone.

Nodes and edges are joined by small row numbers (``rid``): edges stay a quarter of the size, and
rows that are written together lie together whatever their ids. ``sum`` is the CRC-32 of a row.
"""

from collections.abc import Sequence
from functools import cache, lru_cache

#: Marks a SQLite file as ours ("TSNG").
APPLICATION_ID = 0x54534E47

BEGIN_READ = "BEGIN"
BEGIN_WRITE = "BEGIN IMMEDIATE"

READ_PRAGMAS = ("PRAGMA query_only = ON",)
WRITE_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    # 応答した取込は停電でも失わない。
    "PRAGMA synchronous = FULL",
    # 大きな取込で、同じページを何度も本体に写し直さない（既定は4 MBごと）。
    "PRAGMA wal_autocheckpoint = 16000",
    # 一度の大きな取込のあと、追記ファイルを小さく戻す。
    "PRAGMA journal_size_limit = 67108864",
)

GET_META = "SELECT value FROM meta WHERE key = ?"
SET_META = (
    "INSERT INTO meta (key, value) VALUES (?, ?)"
    " ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)

NODE_ROW = "SELECT rid, props FROM nodes WHERE kind = ? AND id = ?"
_NODE_ROWS = "SELECT id, rid, props FROM nodes WHERE kind = ? AND id IN ({marks})"
NODE_RID = "SELECT rid FROM nodes WHERE kind = ? AND id = ?"
INSERT_NODE = "INSERT INTO nodes (rid, kind, id, props, open, sum) VALUES (?, ?, ?, ?, ?, ?)"
UPDATE_NODE = "UPDATE nodes SET props = ?, open = ?, sum = ? WHERE rid = ?"
DELETE_NODE = "DELETE FROM nodes WHERE rid = ?"
NEXT_RID = "SELECT coalesce(max(rid), 0) FROM nodes"

INSERT_LOOKUP = "INSERT INTO lookup (kind, prop, value, rid) VALUES (?, ?, ?, ?)"
DELETE_LOOKUP = "DELETE FROM lookup WHERE kind = ? AND prop = ? AND value = ? AND rid = ?"
INSERT_PLACE = "INSERT INTO places (rid, kind, band, lat, lon) VALUES (?, ?, ?, ?, ?)"
DELETE_PLACE = "DELETE FROM places WHERE rid = ?"

PUT_EDGE = (
    "INSERT INTO edges (kind, source, target, props, sum) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (source, kind, target) DO UPDATE"
    " SET props = excluded.props, sum = excluded.sum WHERE props <> excluded.props"
)
# 「(a, b, c) IN (VALUES …)」と書くと、SQLiteは索引を使わず全部を読む。
_EDGE_ROWS = (
    "WITH wanted (source, kind, target) AS (VALUES {marks})"
    " SELECT e.source, e.kind, e.target, e.props FROM wanted w CROSS JOIN edges e"
    " ON e.source = w.source AND e.kind = w.kind AND e.target = w.target"
)
DELETE_EDGE = "DELETE FROM edges WHERE kind = ? AND source = ? AND target = ?"
EDGES_AT = (
    "SELECT e.kind, e.source, e.target, s.kind, s.id, t.kind, t.id FROM edges e"
    " JOIN nodes s ON s.rid = e.source JOIN nodes t ON t.rid = e.target"
    " WHERE e.source = ?1 OR e.target = ?1 ORDER BY e.kind, s.kind, s.id, t.kind, t.id"
)

INSERT_CHANGE = (
    "INSERT INTO changes (seq, at, action, kind, id, edge, target_kind, target_id)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
READ_CHANGES = (
    "SELECT seq, at, action, kind, id, edge, target_kind, target_id FROM changes"
    " WHERE seq > ? ORDER BY seq LIMIT ?"
)
FIRST_SINCE = "SELECT min(seq) FROM changes WHERE at >= ?"
PRUNE = "DELETE FROM changes WHERE seq <= ?"
FEED_SPAN = "SELECT count(*), coalesce(min(seq), 0), coalesce(max(seq), 0) FROM changes"

COUNTS = "SELECT n.kind, count(*) FROM nodes n WHERE {open} GROUP BY n.kind ORDER BY n.kind"

_NODE = "n.id, n.props, n.sum"
GET_NODE = f"SELECT {_NODE} FROM nodes n WHERE n.kind = ? AND n.id = ? AND {{open}}"
_AMONG = "FROM nodes n WHERE n.kind = ? AND n.id IN ({marks}) AND {{open}}"
# 並べるのは読む側（ここで並べさせると、中身ごと並べ替えの入れ物に写す）。
_GET_NODES = f"SELECT n.id, n.rid, n.props, n.sum {_AMONG}"
_RIDS = f"SELECT n.id, n.rid {_AMONG}"
NODES_AFTER = (
    f"SELECT {_NODE} FROM nodes n WHERE n.kind = ? AND n.id > ? AND {{open}} ORDER BY n.id"
)
ID_AT = "SELECT n.id FROM nodes n WHERE n.kind = ? AND {open} ORDER BY n.id LIMIT 1 OFFSET ?"
FIND_INDEXED = (
    f"SELECT {_NODE} FROM lookup l JOIN nodes n ON n.rid = l.rid"
    " WHERE l.kind = ? AND l.prop = ? AND l.value = ? AND {open} ORDER BY n.id"
)
PLACES_IN_BAND = (
    f"SELECT p.lat, p.lon, {_NODE} FROM places p JOIN nodes n ON n.rid = p.rid"
    " WHERE p.kind = ? AND p.band = ? AND p.lon BETWEEN ? AND ? AND {open}"
)
PLACES_ALL = (
    f"SELECT p.lat, p.lon, {_NODE} FROM places p JOIN nodes n ON n.rid = p.rid"
    " WHERE p.kind = ? AND {open}"
)

# 並びの左端（始点）は索引の順、右側だけを小さく並べ替えるので、何件あっても記憶は増えない。
# CROSS JOIN は SQLite に結合の順を守らせる書き方。
EDGES_IN_ORDER = (
    "SELECT n.id, m.kind, m.id, e.props, e.sum, e.source, e.target FROM nodes n"
    " CROSS JOIN edges e ON e.kind = ?1 AND e.source = n.rid"
    " CROSS JOIN nodes m ON m.rid = e.target"
    " WHERE n.kind = ?2 AND {open_n} AND {open_m} ORDER BY n.id, m.kind, m.id"
)
# 種類を問わず一度で読む（要らない種類は読む側が捨てる）。種類ごとに読むより、始点をたどる回数が減る。
LINKS_IN_ORDER = (
    "SELECT n.id, e.kind, m.id, e.props, e.sum, e.source, e.target FROM nodes n"
    " CROSS JOIN edges e ON e.source = n.rid CROSS JOIN nodes m ON m.rid = e.target"
    " WHERE n.kind = ? AND n.id > ? AND {open_n} AND {open_m} ORDER BY n.id"
)
_ENDS = (
    "SELECT e.kind, m.kind, m.id, e.{far}, e.{near}, e.props, e.sum, m.props, m.sum"
    " FROM edges e CROSS JOIN nodes m ON m.rid = e.{far}"
    " WHERE e.{near} IN ({rids}) AND e.kind IN ({kinds}) AND {{open_m}}"
)
# 番号だけでよい行き先は、中身の列に触れない（区域の形は、あふれたページに長く続く）。
_REACH = (
    "SELECT e.kind, m.id, e.{far}, e.{near}, e.props, e.sum,"
    " CASE WHEN e.kind IN ({whole}) THEN m.props END, CASE WHEN e.kind IN ({whole}) THEN m.sum END"
    " FROM edges e CROSS JOIN nodes m ON m.rid = e.{far}"
    " WHERE e.{near} IN ({rids}) AND {kind} IN ({kinds}) AND {{open_m}}"
)
_HIDDEN = "NOT EXISTS (SELECT 1 FROM edges h WHERE h.kind = 'hidden_at' AND h.target = {0}.rid)"
_OPEN = "({0}.open = 1 OR ({0}.open = 2 AND " + _HIDDEN + "))"

INTEGRITY = "PRAGMA quick_check(20)"
FULL_INTEGRITY = "PRAGMA integrity_check(20)"
FOREIGN_KEYS = "PRAGMA foreign_key_check"


def node_rows_sql(count: int) -> str:
    """Those of so many ids of one kind that exist."""
    return _NODE_ROWS.format(marks=", ".join("?" * count))


def edge_rows_sql(count: int) -> str:
    """Those of so many edges (source, kind, target) that exist."""
    return _EDGE_ROWS.format(marks=", ".join(["(?, ?, ?)"] * count))


@cache
def nodes_sql(count: int) -> str:
    """Those of so many ids of one kind that may be seen, with their row numbers, in no order."""
    return _GET_NODES.format(marks=", ".join("?" * count))


@cache
def rids_sql(count: int) -> str:
    """Ids and row numbers of those of so many ids of one kind that may be seen."""
    return _RIDS.format(marks=", ".join("?" * count))


@cache
def ends_sql(kinds: int, count: int, *, outward: bool) -> str:
    """Edges of so many kinds at so many row numbers, with the node at the other end.

    The nodes they are asked for by number must be known to be visible.
    """
    near, far = ("source", "target") if outward else ("target", "source")
    rids, marks = (", ".join("?" * number) for number in (count, kinds))
    return _ENDS.format(near=near, far=far, rids=rids, kinds=marks)


@cache
def reach_sql(kinds: int, whole: int, count: int, *, outward: bool) -> str:
    """As :func:`ends_sql`, the other ends by their ids, and some with their properties.

    Those are at the other ends of so many kinds of edge (``whole``), which are given first.
    """
    near, far = ("source", "target") if outward else ("target", "source")
    rids, marks = (", ".join("?" * number) for number in (count, kinds))
    read = ", ".join(f"?{place}" for place in range(1, whole + 1)) or "NULL"
    # 出ていくつながりは少ないので、種類ごとに探し直すより、みな見て捨てるほうが早い。入ってくるほうは何千もありうる。
    kind = "+e.kind" if outward else "e.kind"
    return _REACH.format(near=near, far=far, rids=rids, kinds=marks, whole=read, kind=kind)


@lru_cache(maxsize=512)
def scoped(sql: str, *, public: bool) -> str:
    """Fill the visibility conditions of a statement."""
    parts = {
        key: _OPEN.format(alias) if public else "TRUE"
        for key, alias in (("open", "n"), ("open_n", "n"), ("open_m", "m"))
    }
    return sql.format(**parts)


#: Statements that make each version out of the one before it; index 0 makes version 1.
MIGRATIONS: Sequence[Sequence[str]] = (
    (
        "CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
        (
            "CREATE TABLE nodes (rid INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL,"
            " props TEXT NOT NULL, open INTEGER NOT NULL, sum INTEGER NOT NULL, UNIQUE (kind, id))"
        ),
        (
            "CREATE TABLE edges (kind TEXT NOT NULL,"
            " source INTEGER NOT NULL REFERENCES nodes (rid),"
            " target INTEGER NOT NULL REFERENCES nodes (rid),"
            " props TEXT NOT NULL, sum INTEGER NOT NULL,"
            " PRIMARY KEY (source, kind, target)) WITHOUT ROWID"
        ),
        "CREATE INDEX edges_back ON edges (target, kind, source)",
        (
            "CREATE TABLE lookup (kind TEXT NOT NULL, prop TEXT NOT NULL, value TEXT NOT NULL,"
            " rid INTEGER NOT NULL REFERENCES nodes (rid),"
            " PRIMARY KEY (kind, prop, value, rid)) WITHOUT ROWID"
        ),
        (
            "CREATE TABLE places (rid INTEGER PRIMARY KEY REFERENCES nodes (rid),"
            " kind TEXT NOT NULL, band INTEGER NOT NULL, lat REAL NOT NULL, lon REAL NOT NULL)"
        ),
        "CREATE INDEX places_band ON places (kind, band, lon)",
        (
            "CREATE TABLE changes (seq INTEGER PRIMARY KEY, at TEXT NOT NULL, action TEXT NOT NULL,"
            " kind TEXT NOT NULL, id TEXT NOT NULL,"
            " edge TEXT, target_kind TEXT, target_id TEXT)"
        ),
        "INSERT INTO meta (key, value) VALUES ('head', 0), ('floor', 0)",
    ),
    # 2：誰の操作で変わったかを残す。一つの書き込みの最初の番号に、その担い手を結ぶ。
    (
        (
            "CREATE TABLE writes (first INTEGER PRIMARY KEY, last INTEGER NOT NULL,"
            " at TEXT NOT NULL, actor TEXT NOT NULL)"
        ),
    ),
    # 3：公開の範囲と索引の決まりが増えたため、記録から作り直す（rederive）。
    (),
    # 4：索引の表から外部キーを外す。記録を一つ消すたびに、この表の全部が読まれていた。
    (
        "DROP TABLE lookup",
        (
            "CREATE TABLE lookup (kind TEXT NOT NULL, prop TEXT NOT NULL, value TEXT NOT NULL,"
            " rid INTEGER NOT NULL, PRIMARY KEY (kind, prop, value, rid)) WITHOUT ROWID"
        ),
    ),
)

#: Versions whose step also derives ``open``, ``lookup`` and ``places`` anew from the properties.
REDERIVING = frozenset({3, 4})
CLEAR_DERIVED = ("DELETE FROM lookup", "DELETE FROM places")
#: Empties a store; the index of edges seen from their targets is made again when it is full.
EMPTY_ALL = (
    "DROP INDEX edges_back",
    "DELETE FROM edges",
    *CLEAR_DERIVED,
    "DELETE FROM nodes",
    "DELETE FROM changes",
    "DELETE FROM writes",
)
INDEX_AGAIN = ("CREATE INDEX edges_back ON edges (target, kind, source)",)
NODES_BY_RID = "SELECT rid, kind, props FROM nodes WHERE rid > ? ORDER BY rid LIMIT ?"
SET_OPEN = "UPDATE nodes SET open = ? WHERE rid = ?"
INSERT_WRITE = "INSERT INTO writes (first, last, at, actor) VALUES (?, ?, ?, ?)"
PRUNE_WRITES = "DELETE FROM writes WHERE last <= ?"
