"""A person's edit against what a source says: shown until a person has answered it.

Nothing is overwritten meanwhile. The answer is either that the edit stands (until the source says
something else again) or that the source speaks for the field from now on.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from graph.errors import NotFoundError
from graph.model.element import EdgeKind, Node, NodeKind, Ref
from graph.model.provenance import SourceRecord
from graph.model.resource import Publication
from graph.store import Direction, GraphStore, View
from graph.vocabulary.protocol import Vocabulary
from ingest.change import records_of
from ingest.options import ImportOptions
from ingest.person import Said, person_record, said_in, with_record
from ingest.records import PERSON, Conflict, merge_records, person_conflicts
from ingest.run import Run, open_run
from ingest.typed import read_date

_AT_ONCE = 500
_CHECKED = "assured_date"
_BESIDE_A_CHECK = "assured_method"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenConflict:
    """What a person said of a field (who, when) and what a source says of it (which, when seen).

    ``kept`` is empty where the person emptied the field; ``record`` is the person's source record.
    """

    resource_id: str
    name: str
    field: str
    kept: str
    by: str
    at: datetime | None
    offered: str
    dataset: str
    seen_at: datetime | None
    confidential: bool
    record: str


def open_conflicts(view: View, *, of: str | None = None) -> Iterator[OpenConflict]:
    """Conflicts nobody has answered yet, of one resource or of all, in the order of the store."""
    if of is not None:
        yield from _of(view, [Ref(NodeKind.RESOURCE, of)])
        return
    people = (node.ref for node in view.find(NodeKind.SOURCE_RECORD, "dataset", PERSON))
    while some := list(itertools.islice(people, _AT_ONCE)):
        found = view.neighbours(some, (EdgeKind.ASSERTS,), Direction.OUT)
        yield from _of(view, list(dict.fromkeys(node.ref for _, node in found)))


def keep_edit(
    store: GraphStore,
    resource_id: str,
    field: str,
    *,
    by: str,
    now: datetime,
    vocabulary: Vocabulary,
) -> None:
    """The person's value stands; asked again only when the source says something else.

    Raises NotFoundError when there is no such conflict any more.
    """
    run, conflict = _opened(store, resource_id, field, by, now, vocabulary)
    _answer(run, conflict, by, lambda said: said.settling(field, conflict.offered))


def take_source(
    store: GraphStore,
    resource_id: str,
    field: str,
    *,
    by: str,
    now: datetime,
    vocabulary: Vocabulary,
) -> None:
    """The source speaks for the field from now on.

    Raises NotFoundError when there is no such conflict any more.
    """
    run, conflict = _opened(store, resource_id, field, by, now, vocabulary)
    _answer(run, conflict, by, lambda said: said.without(field))


def _opened(
    store: GraphStore,
    resource_id: str,
    field: str,
    by: str,
    now: datetime,
    vocabulary: Vocabulary,
) -> tuple[Run, OpenConflict]:
    run = open_run(store, ImportOptions(actor=by), vocabulary, now)
    with store.read() as view:
        return run, _one(view, resource_id, field)


def _of(view: View, refs: Sequence[Ref]) -> Iterator[OpenConflict]:
    nodes = {n.ref: n for n in view.get_many(NodeKind.RESOURCE, [ref.id for ref in refs])}
    for ref, records in records_of(view, list(nodes)).items():
        yield from _in(nodes[ref], records)


def _in(node: Node, records: Sequence[SourceRecord]) -> Iterator[OpenConflict]:
    by_id = {record.id: record for record in records if record.missing_since is None}
    shown: set[str] = set()
    for conflict in person_conflicts(merge_records(by_id.values()), list(by_id.values())):
        said = said_in(by_id[conflict.winner])
        if conflict.field in shown or _answered(conflict, said):
            continue
        # 同じ項目にいくつもの出典が別のことを言うときは、採られるはずの一つだけを問う。
        shown.add(conflict.field)
        by, at = said.told.get(conflict.field, ("", ""))
        source = by_id[conflict.other]
        yield OpenConflict(
            resource_id=node.id,
            name=str(node.props.get("name", "")),
            field=conflict.field,
            kept=conflict.kept,
            by=by,
            at=datetime.fromisoformat(at) if at else None,
            offered=conflict.offered,
            dataset=source.dataset,
            seen_at=source.seen_at,
            confidential=node.props.get("publication") == Publication.CONFIDENTIAL_LOCATION.value,
            record=conflict.winner,
        )


def _answered(conflict: Conflict, said: Said) -> bool:
    if said.settled.get(conflict.field) == conflict.offered:
        return True
    if conflict.field == _BESIDE_A_CHECK:
        return True
    if conflict.field == _CHECKED:
        # 人が後から確かめた日は、ファイルの古い日付と争わない。
        kept, offered = read_date(conflict.kept), read_date(conflict.offered)
        return kept is None or offered is None or kept >= offered
    return False


def _one(view: View, resource_id: str, field: str) -> OpenConflict:
    for conflict in open_conflicts(view, of=resource_id):
        if conflict.field == field:
            return conflict
    raise NotFoundError(
        "この食い違いは、もうありません。",
        hint="一覧を開き直してください。ほかの人が答えたか、取込で同じ内容になりました。",
        facts={"id": resource_id},
    )


def _answer(run: Run, conflict: OpenConflict, by: str, change: Callable[[Said], Said]) -> None:
    ref = Ref(NodeKind.RESOURCE, conflict.resource_id)
    with run.store.write(actor=by) as writer, run.store.read() as view:
        records = records_of(view, [ref])[ref]
        before = next(r for r in records if r.id == conflict.record)
        said = change(said_in(before))
        others = [r for r in records if r is not before]
        record = person_record(before.record_key, before, said, by=by, now=run.now)
        with_record(view, ref, others, record, run.context).apply(writer, run.shared)
