"""What the tables of one import share: store, options, areas, and what was done so far."""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from graph.areas import AreaTree
from graph.errors import InputError
from graph.model.element import Node, NodeKind, Ref
from graph.store import GraphStore, View
from graph.vocabulary.protocol import Vocabulary
from ingest.area_codes import full_code
from ingest.context import Context
from ingest.dataset import Editions, known_datasets
from ingest.gazetteer import Gazetteer
from ingest.gazetteer_store import load_gazetteer
from ingest.geocode import Locator
from ingest.mapping import Mapping as ColumnMapping
from ingest.options import ImportOptions
from ingest.planned import KeyParts
from ingest.report import FileReport, ImportReport
from ingest.source import Source

Progress = Callable[[str, int, int | None], None]


def quiet(path: str, done: int, total: int | None) -> None:
    """Show no progress."""


@dataclass
class Seen:
    """Rows of one source met so far in this import: id → digest, and the first file's report."""

    mapping: ColumnMapping
    file: FileReport
    digests: dict[str, str] = field(default_factory=dict)


@dataclass
class Run:
    """One call of ``import_paths``."""

    store: GraphStore
    options: ImportOptions
    vocabulary: Vocabulary
    now: datetime
    report: ImportReport
    context: Context
    progress: Progress = quiet
    batch: str = ""
    sources: Sequence[Source] = ()
    datasets: Counter[str] = field(default_factory=Counter)
    editions: Editions = field(default_factory=Editions)
    seen: dict[str, Seen] = field(default_factory=dict)
    added: dict[str, FileReport] = field(default_factory=dict)
    planned: dict[str, KeyParts] = field(default_factory=dict)
    same: dict[str, str] | None = None
    stale: bool = False
    shared: dict[Ref, Node] = field(default_factory=dict)
    wrote: bool = False
    areas_changed: bool = False
    contacts_changed: bool = False
    gazetteer_changed: bool = False
    gazetteer: Gazetteer | None = None

    def refresh(self) -> None:
        """Read areas and contacts again, after tables that may have changed them."""
        with self.store.read() as view:
            self.context.areas = AreaTree.load(view)
            if self.context.locator is None or self.gazetteer_changed:
                self.gazetteer = load_gazetteer(view)
                self.gazetteer_changed = False
            self.context.contacts = frozenset(n.id for n in view.nodes(NodeKind.CONTACT))
        self.context.locator = Locator(gazetteer=self.gazetteer, online=self.options.online)
        self.context.forget()
        self.stale = False
        if self.options.municipality is not None:
            self.context.municipality = municipality(self.options.municipality, self.context)


def municipality(text: str, context: Context) -> str | None:
    """The area a ``--municipality`` names; ``None`` when it is a right code not stored yet.

    Raises InputError when it is neither a code nor the name of a stored area.
    """
    code = full_code(text)
    for name in filter(None, (code, text)):
        found = context.areas.find(name)
        if found:
            return found[0]
    if code is None:
        raise InputError(
            f"区域「{text}」が見つかりません。",
            hint="市区町村コード（例 122076）か、取り込んである区域の名前で指定してください。先に区域を取り込むと名前でも指定できます。",
            code="unknown_area",
            facts={"municipality": text},
        )
    return None


def batch_name(now: datetime, names: list[str]) -> str:
    """Name of an import: its time and what it read."""
    mark = hashlib.blake2b("\n".join(names).encode(), digest_size=4).hexdigest()
    return f"{now.isoformat(timespec='seconds')}-{mark}"


def open_run(
    store: GraphStore,
    options: ImportOptions,
    vocabulary: Vocabulary,
    now: datetime,
    progress: Progress | None = None,
) -> Run:
    """Start an import: read areas and contacts of the store."""
    context = Context(vocabulary, AreaTree((), {}))
    report = ImportReport(dry_run=options.dry_run)
    run = Run(store, options, vocabulary, now, report, context, progress or quiet)
    run.refresh()
    with store.read() as view:
        run.editions = Editions(known_datasets(view))
    return run


def names_of(view: View, refs: Mapping[Ref, object]) -> dict[Ref, str]:
    """Names of things, for people."""
    found: dict[Ref, str] = {}
    for kind in {ref.kind for ref in refs}:
        for node in view.get_many(kind, [ref.id for ref in refs if ref.kind is kind]):
            found[node.ref] = str(node.props.get("name", ""))
    return found
