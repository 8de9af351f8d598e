"""Sending one write to a Bolt server: repeatable, all or nothing, with its change feed."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from graph.backends import cypher
from graph.backends.lookups import LOOKUPS, POINT_PROP, indexed_text, point_of
from graph.backends.nearness import band_of
from graph.backends.pending import EdgeKey, Pending
from graph.backends.props import EMPTY, decode_props
from graph.backends.scope import openness
from graph.backends.server import TURN, Transaction
from graph.errors import StoreError, StoreLockedError
from graph.model.element import Edge, EdgeKind, Node, NodeKind, Ref
from graph.store import ChangeAction
from graph.validate import dangling

T = TypeVar("T")
Entry = tuple[str, ...]
Ends = tuple[EdgeKind, NodeKind, NodeKind]

BATCH = 5000
#: Entries of the feed kept in one node.
CHUNK = 1000


@dataclass(slots=True)
class Commit:
    """One attempt of a write inside one transaction."""

    tx: Transaction
    pending: Pending
    token: str
    at: str
    actor: str
    entries: list[Entry] = field(default_factory=list)
    made: set[Ref] = field(default_factory=set)

    def run(self) -> None:
        """Do everything, unless an earlier attempt was committed after all."""
        head = take_turn(self.tx, self.token)
        if self.tx.rows(cypher.IS_DONE, token=self.token):
            return
        self._refuse_conflicts()
        self._delete()
        self._cut()
        self._put()
        self._link()
        if self.entries:
            self._record(head)

    def _refuse_conflicts(self) -> None:
        now = current_texts(self.tx, self.pending.read)
        if any(now.get(ref) != text for ref, text in self.pending.read.items()):
            raise StoreLockedError(
                "読んでから保存するまでの間に、ほかの人が同じ記録を変えました。",
                hint="新しい内容を読み直してから、もう一度保存してください。",
                code="store_conflict",
            )

    def _delete(self) -> None:
        present = current_texts(self.tx, self.pending.deleted)
        for kind, ids in by_kind(ref for ref in self.pending.deleted if ref in present).items():
            for part in batches(ids):
                rows = self.tx.rows(cypher.edges_at(kind), ids=part)
                found = {(r["type"], r["sk"], r["si"], r["tk"], r["ti"]) for r in rows}
                for name, sk, si, tk, ti in sorted(found):
                    edge = cypher.KIND_OF_TYPE[name]
                    self.entries.append((ChangeAction.UNLINK, sk, si, edge, tk, ti))
                self.tx.rows(cypher.delete_nodes(kind), ids=part)
                self.entries.extend((ChangeAction.DELETE, kind, key) for key in part)

    def _cut(self) -> None:
        for ends, keys in by_ends(self.pending.cut).items():
            for part in batches(keys):
                present = self._existing(ends, part)
                gone = [key for key in part if key in present]
                if gone:
                    rows = [_row(key) for key in gone]
                    self.tx.rows(cypher.delete_edges(*ends), rows=rows)
                    self.entries.extend(_entry(ChangeAction.UNLINK, key) for key in gone)

    def _put(self) -> None:
        for kind, ids in by_kind(self.pending.nodes).items():
            for part in batches(ids):
                texts = {key: self.pending.nodes[Ref(kind, key)] for key in part}
                found = self.tx.rows(cypher.get_nodes(kind, public=False), ids=part)
                before = dict(found[0]["rows"])
                new = [
                    node_row(kind, key, text) for key, text in texts.items() if key not in before
                ]
                changed = [
                    node_row(kind, key, text)
                    for key, text in texts.items()
                    if key in before and before[key] != text
                ]
                if new:
                    self.tx.rows(cypher.create_nodes(kind), rows=new)
                    self.made.update(Ref(kind, str(row["id"])) for row in new)
                if changed:
                    self.tx.rows(cypher.replace_nodes(kind), rows=changed)
                for row in (*new, *changed):
                    self.entries.append((ChangeAction.PUT, kind, str(row["id"])))

    def _link(self) -> None:
        for ends, keys in by_ends(self.pending.edges).items():
            for part in batches(keys):
                before = self._existing(ends, part)
                texts = {key: self.pending.edges[key] for key in part}
                new = [key for key in part if key not in before]
                changed = [key for key in part if key in before and before[key] != texts[key]]
                if new:
                    rows = [_row(key, texts[key]) for key in new]
                    made = self.tx.rows(cypher.create_edges(*ends), rows=rows)[0]["made"]
                    if made != len(new):
                        raise dangling(self._loose(new))
                if changed:
                    rows = [_row(key, texts[key]) for key in changed]
                    self.tx.rows(cypher.replace_edges(*ends), rows=rows)
                self.entries.extend(_entry(ChangeAction.LINK, key) for key in (*new, *changed))

    def _existing(self, ends: Ends, keys: Sequence[EdgeKey]) -> dict[EdgeKey, str]:
        kind, source, target = ends
        # この書き込みで作ったばかりの記録には、まだつながりがない。
        old = [key for key in keys if key[1] not in self.made and key[2] not in self.made]
        if not old:
            return {}
        rows = self.tx.rows(cypher.existing_edges(*ends), rows=[_row(key) for key in old])
        return {(kind, Ref(source, si), Ref(target, ti)): text for si, ti, text in rows[0]["rows"]}

    def _loose(self, keys: Sequence[EdgeKey]) -> list[Edge]:
        present = current_texts(self.tx, {ref: None for key in keys for ref in key[1:]})
        return [
            Edge(kind=kind, source=source, target=target)
            for kind, source, target in keys
            if source not in present or target not in present
        ]

    def _record(self, head: int) -> None:
        first, last = head + 1, head + len(self.entries)
        rows = [
            {
                "first": first + start,
                "last": min(first + start + CHUNK - 1, last),
                "entries": json.dumps(self.entries[start : start + CHUNK], ensure_ascii=False),
            }
            for start in range(0, len(self.entries), CHUNK)
        ]
        self.tx.rows(
            cypher.RECORD,
            rows=rows,
            token=self.token,
            first=first,
            last=last,
            at=self.at,
            actor=self.actor,
        )


def take_turn(tx: Transaction, token: str) -> int:
    """Wait for other writers; gives the head no other can move until this transaction ends."""
    rows = tx.run(TURN, cypher.TAKE_TURN, {"token": token})
    if not rows:
        raise StoreError("サーバー上のストアが消されています。", code="store_gone")
    refuse_incomplete(rows[0]["loading"])
    return int(rows[0]["head"])


def refuse_incomplete(loading: str | None) -> None:
    """Raise when a filling was begun and not ended."""
    if loading is not None:
        raise StoreError(
            "このストアは、移行か復元の途中で止まったままです。",
            hint="同じ tsunagu migrate か restore をもう一度、最後まで実行してください。",
            code="store_incomplete",
        )


def mark(tx: Transaction, token: str, span: tuple[int, int], at: str, actor: str) -> None:
    """Leave the sign by which a lost answer is looked up."""
    tx.rows(cypher.MARK, token=token, first=span[0], last=span[1], at=at, actor=actor)


def current_texts(tx: Transaction, refs: Iterable[Ref]) -> dict[Ref, str]:
    """Stored properties of those nodes that exist."""
    found: dict[Ref, str] = {}
    for kind, ids in by_kind(refs).items():
        for part in batches(ids):
            rows = tx.rows(cypher.get_nodes(kind, public=False), ids=part)[0]["rows"]
            found.update((Ref(kind, key), text) for key, text in rows)
    return found


def by_kind(refs: Iterable[Ref]) -> Mapping[NodeKind, list[str]]:
    """Ids by kind, in order."""
    found: dict[NodeKind, list[str]] = defaultdict(list)
    for ref in sorted(refs):
        found[ref.kind].append(ref.id)
    return found


def by_ends(keys: Iterable[EdgeKey]) -> Mapping[Ends, list[EdgeKey]]:
    """Edges by their kind and the kinds of their ends, in order."""
    found: dict[Ends, list[EdgeKey]] = defaultdict(list)
    for key in sorted(keys):
        found[key[0], key[1].kind, key[2].kind].append(key)
    return found


def batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Parts of a size the server digests well."""
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def node_row(kind: NodeKind, key: str, text: str) -> dict[str, object]:
    """Everything a node holds on the server."""
    props = decode_props(text)
    row: dict[str, object] = {
        "id": key,
        "kind": str(kind),
        "props": text,
        "open": int(openness(kind, props)),
    }
    for name in LOOKUPS[kind]:
        found = indexed_text(kind, name, props.get(name))
        if found is not None:
            row[name] = found
    point = point_of(props.get(POINT_PROP))
    if point is not None:
        row.update(band=band_of(point.lat), lat=point.lat, lon=point.lon)
    return row


def node_of(ref: Ref, text: str) -> Node:
    """The node of a stored text."""
    return Node(kind=ref.kind, id=ref.id, props=decode_props(text))


def _row(key: EdgeKey, text: str | None = None) -> dict[str, str | None]:
    return {"s": key[1].id, "t": key[2].id, "props": None if text == EMPTY else text}


def _entry(action: ChangeAction, key: EdgeKey) -> Entry:
    kind, source, target = key
    return (action, source.kind, source.id, kind, target.kind, target.id)
