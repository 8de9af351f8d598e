"""A store with the sample municipality, a small one made by hand, and a browser that is cut off."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route

from graph.backends.open import open_store
from graph.model.codec import Record, to_node
from graph.model.element import Edge, EdgeKind, NodeKind, Ref
from graph.model.place import Area, AreaKind, Facility
from graph.model.resource import Publication, Resource
from graph.model.values import Point
from graph.store import GraphStore, View
from graph.vocabulary.protocol import Vocabulary
from ingest.load import import_paths
from ingest.options import ImportOptions
from ingest.samples import sample_folder

ON = date(2026, 11, 21)


@pytest.fixture(scope="session")
def sample_store(vocabulary: Vocabulary) -> Iterator[GraphStore]:
    store = open_store("memory:")
    import_paths(
        store,
        [sample_folder()],
        options=ImportOptions(),
        vocabulary=vocabulary,
        now=datetime(2026, 11, 21, tzinfo=UTC),
    )
    yield store
    store.close()


@pytest.fixture
def sample(sample_store: GraphStore) -> Iterator[View]:
    with sample_store.read() as view:
        yield view


@pytest.fixture
def store() -> Iterator[GraphStore]:
    made = open_store("memory:")
    yield made
    made.close()


def put(store: GraphStore, *records: Record, edges: tuple[Edge, ...] = ()) -> None:
    """Write records and edges."""
    with store.write(actor="test") as writer:
        writer.put([to_node(record) for record in records])
        writer.link(edges)


def place(  # noqa: PLR0913 - what a test varies
    store: GraphStore,
    name: str,
    lat: float | None = 35.44,
    lon: float = 140.2,
    *,
    publication: Publication = Publication.PUBLIC,
    doubt: str | None = None,
    key: str | None = None,
) -> None:
    """One resource at one facility, as the import would leave them."""
    key = key or f"r-{name}"
    resource = Resource(id=key, name=name, publication=publication)
    point = None if lat is None else Point(lat, lon)
    facility = Facility(
        id=f"f-{key}", address="どこか", point=point, point_doubt=doubt, publication=publication
    )
    hidden = publication is Publication.CONFIDENTIAL_LOCATION
    kind = EdgeKind.HIDDEN_AT if hidden else EdgeKind.LOCATED_AT
    edge = Edge(
        kind=kind,
        source=Ref(NodeKind.RESOURCE, key),
        target=Ref(NodeKind.FACILITY, facility.id),
    )
    put(store, resource, facility, edges=(edge,))


def square(key: str, name: str, kind: AreaKind, west: float, *, people: int = 1000) -> Area:
    """An area of 0.02 degrees a side."""
    east = west + 0.02
    ring = [[west, 35.43], [east, 35.43], [east, 35.45], [west, 35.45], [west, 35.43]]
    text = f'{{"type": "Polygon", "coordinates": [{ring}]}}'
    return Area(
        id=key, name=name, kind=kind, population=people, elderly_population=300, polygon=text
    )


class Office:
    """A page in a browser that has no network; it remembers what was tried."""

    def __init__(self, context: BrowserContext) -> None:
        self.outside: list[str] = []
        self.errors: list[str] = []
        context.route("**/*", self._only_files)
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._console)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _only_files(self, route: Route) -> None:
        if route.request.url.startswith(("file:", "data:")):
            route.continue_()
            return
        self.outside.append(route.request.url)
        route.abort()

    def open(self, path: Path) -> Page:
        """Open a file and wait until the map stands."""
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("html[data-ready]", state="attached")
        return self.page


@pytest.fixture
def office(chromium: Browser) -> Iterator[Office]:
    context = chromium.new_context(locale="ja-JP")
    yield Office(context)
    context.close()
