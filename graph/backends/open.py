"""Opening a store by its url; the only place that knows which backends there are."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from graph.backends.settings import StoreSettings
from graph.errors import InputError
from graph.store import GraphStore

__all__ = ["StoreSettings", "open_store"]

_SERVERS = frozenset({"neo4j", "bolt", "neo4j+s", "bolt+s", "neo4j+ssc", "bolt+ssc"})


def open_store(
    url: str, *, settings: StoreSettings | None = None, filling: bool = False
) -> GraphStore:
    """Open ``sqlite:///PATH``, ``memory:``, ``neo4j://HOST[:PORT]`` or ``bolt://HOST[:PORT]``.

    ``sqlite:///data.db`` and ``sqlite:////srv/data.db`` are a relative and an absolute path. A
    SQLite store that does not exist is made. ``filling`` is for those who are about to replace
    everything: it also opens a server store whose filling was cut off. Raises InputError for a url that names no store,
    and the StoreError that fits when the store can't be used.
    """
    chosen = settings or StoreSettings()
    scheme = url.partition(":")[0]
    if url == "memory:":
        from graph.backends.memory import MemoryStore  # noqa: PLC0415 - load what is used

        return MemoryStore(chosen)
    if scheme == "sqlite":
        from graph.backends.embedded import EmbeddedStore  # noqa: PLC0415 - load what is used

        return EmbeddedStore(_path_of(url), chosen)
    if scheme in _SERVERS:
        from graph.backends.neo4j_store import Neo4jStore  # noqa: PLC0415 - load what is used

        return Neo4jStore(url, chosen, filling=filling)
    raise _unknown(url)


def _path_of(url: str) -> Path:
    parts = urlsplit(url)
    path = unquote(parts.path)[1:]
    if parts.netloc or not path or parts.query or parts.fragment:
        raise _unknown(url)
    return Path(path).expanduser()


def _unknown(url: str) -> InputError:
    scheme = url.partition(":")[0]
    return InputError(
        f"ストアの場所「{scheme}:…」の形が分かりません。",
        hint="sqlite:///ファイルの場所、memory:、neo4j://ホスト:7687、bolt://ホスト:7687"
        " のどれかで指定してください。",
        code="bad_store_url",
        facts={"scheme": scheme},
    )
