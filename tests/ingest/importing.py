"""What the import tests share: a store in memory, the shipped vocabulary, a clock that stands."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from graph.backends.open import open_store
from graph.model.codec import from_node
from graph.model.element import NodeKind, Ref
from graph.model.resource import Resource
from graph.store import GraphStore
from graph.vocabulary.load import load_vocabulary
from ingest.load import import_paths
from ingest.options import ImportOptions
from ingest.report import COUNTS, ImportReport

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def memory() -> GraphStore:
    """An empty store."""
    return open_store("memory:")


def bring(store: GraphStore, *paths: Path, days: int = 0, **options: object) -> ImportReport:
    """Import paths, ``days`` after the standing clock; checks that every row is counted."""
    report = import_paths(
        store,
        list(paths),
        options=ImportOptions(**options),  # type: ignore[arg-type]
        vocabulary=load_vocabulary(),
        now=NOW + timedelta(days=days),
    )
    for file in report.files:
        data = file.to_json()
        assert data["read"] == sum(data[name] for name in COUNTS[1:]), data
    return report


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    """A text file."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def resources(store: GraphStore) -> dict[str, Resource]:
    """All resources by name."""
    with store.read() as view:
        found = [from_node(node, Resource) for node in view.nodes(NodeKind.RESOURCE)]
    return {resource.name: resource for resource in found}


def resource(store: GraphStore, key: str) -> Resource:
    """One resource by id."""
    with store.read() as view:
        node = view.get(Ref(NodeKind.RESOURCE, key))
    assert node is not None
    return from_node(node, Resource)
