"""Which thing a row is about: itself, one it was merged with, or the one it was before."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from graph.model.element import Edge, EdgeKind, NodeKind, Ref
from graph.model.provenance import SourceRecord
from graph.store import Direction, View
from ingest.area_rows import area_id
from ingest.change import NODE_OF_KIND, OWN_ID
from ingest.decisions import read_decisions
from ingest.records import record_ref, stable_id
from ingest.rows import Ready
from ingest.schema import Kind

if TYPE_CHECKING:
    from ingest.run import Run
    from ingest.table import Job


class Identities:
    """Keeps rows and things together, within one table."""

    def __init__(self, run: "Run", job: "Job") -> None:
        self.run = run
        self.job = job
        self._known: set[Ref] = set()
        self._own: dict[str, str] = {}

    def known(self, ref: Ref) -> bool:
        """Whether the thing is in the store already."""
        return ref in self._known

    def remember(self, ref: Ref) -> None:
        """The thing is now in the store."""
        if not self.run.options.dry_run:
            self._known.add(ref)

    def of_fresh(self, fresh: Sequence[tuple[Ready, SourceRecord]], view: View) -> dict[str, Ref]:
        """Targets of rows seen for the first time; counts them as added or merged."""
        own = {record.id: self.own_ref(item) for item, record in fresh}
        self._own.update({key: ref.id for key, ref in own.items()})
        targets = self._decided(own, view)
        wanted = [ref for ref in targets.values() if ref not in self._known]
        for kind in {ref.kind for ref in wanted}:
            ids = [ref.id for ref in wanted if ref.kind is kind]
            self._known.update(node.ref for node in view.get_many(kind, ids))
        taken: set[Ref] = set()
        for _, record in fresh:
            target = targets[record.id]
            if target in self._known or target in taken:
                self.job.file.merged += 1
            else:
                self.job.file.added += 1
                taken.add(target)
                if target.kind is NodeKind.RESOURCE:
                    self.run.added[target.id] = self.job.file
        return targets

    def of_changed(self, records: Iterable[SourceRecord], view: View) -> dict[str, Ref]:
        """Targets of records that are stored."""
        refs = [record_ref(record) for record in records]
        targets: dict[str, Ref] = {}
        for edge, node in view.neighbours(refs, (EdgeKind.ASSERTS,), Direction.OUT):
            targets[edge.source.id] = node.ref
            self._own[edge.source.id] = str(edge.props.get(OWN_ID, node.id))
            self._known.add(node.ref)
        return targets

    def asserts(self, record: SourceRecord, target: Ref) -> Edge:
        """The edge from a record to its thing; it keeps the id the row gave itself."""
        own = self._own.get(record.id, target.id)
        props = {OWN_ID: own} if own != target.id else {}
        source = record_ref(record)
        return Edge(kind=EdgeKind.ASSERTS, source=source, target=target, props=props)

    def own_ref(self, item: Ready) -> Ref:
        """The id a row gives what it is about."""
        kind = self.job.mapping.kind
        node = NODE_OF_KIND[kind]
        if kind in (Kind.AREAS, Kind.POPULATION):
            return Ref(node, area_id(item, self.run.context))
        if item.own_id is not None:
            return Ref(node, item.own_id)
        return Ref(node, stable_id(item.dataset, item.record_key))

    def _decided(self, own: dict[str, Ref], view: View) -> dict[str, Ref]:
        """Follow decisions that two things are the same."""
        if self.run.same is None:
            self.run.same = read_decisions(view)
        same = self.run.same
        return {key: Ref(ref.kind, same.get(ref.id, ref.id)) for key, ref in own.items()}
