"""Loads and streams a synthetic country through the stores and prints what it cost.

``python -m benchmarks.store_scale --resources 1000000 [--server bolt://HOST:PORT]`` (password in
TSUNAGU_NEO4J_PASSWORD). Each step runs in a process of its own, so that its memory is its own.
Figures are printed as JSON lines; nothing is asserted.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from graph.backends.bulk import all_edges, all_nodes, copy, quiet
from graph.backends.open import StoreSettings, open_store
from graph.backends.settings import sqlite_url
from graph.model.codec import to_node
from graph.model.element import Edge, EdgeKind, Node, NodeKind, Ref
from graph.model.people import Contact, Department, Organization
from graph.model.place import Area, AreaKind, Facility
from graph.model.resource import Publication, Resource, Slot, Vacancy
from graph.model.values import Point
from graph.store import GraphStore

K = NodeKind
_BATCH = 5000
_AREAS, _ORGANIZATIONS, _CONTACTS, _DEPARTMENTS = 2000, 20_000, 5000, 1800
_PER_FACILITY = 5


def main() -> None:
    """Run the steps one after another."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--resources", type=int, default=100_000)
    parser.add_argument("--server")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--step", choices=sorted(_STEPS))
    given = parser.parse_args()
    if given.step:
        _STEPS[given.step](given.folder, given.resources, given.server)
        return
    with TemporaryDirectory(dir=given.folder) as folder:
        for step in (
            "load",
            "open",
            "stream",
            *(("to_server", "server_stream") * bool(given.server)),
        ):
            arguments = ["--folder", folder, "--resources", str(given.resources), "--step", step]
            server = ["--server", given.server] if given.server else []
            subprocess.run(
                [sys.executable, "-m", "benchmarks.store_scale", *arguments, *server], check=True
            )


def _load(folder: Path, resources: int, server: str | None) -> None:
    del server
    start = perf_counter()
    with closing(_embedded(folder)) as store:
        _write(store, _base(resources), [])
        _write(store, [], list(_base_edges(resources)))
        edges = 0
        for first in range(0, resources, _BATCH):
            last = min(first + _BATCH, resources)
            links = [edge for i in range(first, last) for edge in _links(i, resources)]
            _write(store, [_resource(i) for i in range(first, last)], links)
            edges += len(links)
    size = sum(file.stat().st_size for file in folder.iterdir())
    _tell("load", start, resources=resources, edges=edges, bytes=size)


def _open(folder: Path, resources: int, server: str | None) -> None:
    del resources, server
    start = perf_counter()
    with closing(_embedded(folder)) as store, store.read() as view:
        view.get(Ref(K.RESOURCE, "r0000000"))
        _tell("open", start)
        start = perf_counter()
        next(view.find(K.RESOURCE, "name", "ふれあいの場0000077"))
        _tell("find", start)
        start = perf_counter()
        found = sum(1 for _ in view.near(K.FACILITY, Point(35.6, 140.1), 3000))
        _tell("near", start, found=found)


def _stream(folder: Path, resources: int, server: str | None) -> None:
    del resources, server
    with closing(_embedded(folder)) as store:
        _read_all("stream", store)


def _to_server(folder: Path, resources: int, server: str | None) -> None:
    del resources
    with closing(_embedded(folder)) as source, closing(_server(server)) as target:
        start = perf_counter()
        copy(source, target, actor="benchmark", progress=quiet)
        _tell("to_server", start)


def _server_stream(folder: Path, resources: int, server: str | None) -> None:
    del folder, resources
    with closing(_server(server)) as store:
        _read_all("server_stream", store)


def _read_all(step: str, store: GraphStore) -> None:
    start = perf_counter()
    with store.read() as view:
        nodes = sum(1 for _ in all_nodes(view))
        middle = perf_counter()
        edges = sum(1 for _ in all_edges(view))
    _tell(step, start, nodes=nodes, edges=edges, nodes_s=round(middle - start, 1))


_STEPS: dict[str, Callable[[Path, int, str | None], None]] = {
    "load": _load,
    "open": _open,
    "stream": _stream,
    "to_server": _to_server,
    "server_stream": _server_stream,
}


def _tell(step: str, start: float, **facts: object) -> None:
    taken = perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    # ほかの仕事と分け合う機械では、経過より計算に使った時間のほうが比べやすい。
    used = round(process_time(), 1)
    line = {"step": step, "seconds": round(taken, 3), "cpu_s": used, "peak_mb": peak, **facts}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _embedded(folder: Path) -> GraphStore:
    return open_store(sqlite_url(folder / "scale.sqlite"), settings=StoreSettings(cache_mb=256))


def _server(url: str | None) -> GraphStore:
    user = os.environ.get("TSUNAGU_NEO4J_USER", "neo4j")
    password = os.environ.get("TSUNAGU_NEO4J_PASSWORD")
    chosen = StoreSettings(user=user, password=password, wait_s=120)
    return open_store(url or "", settings=chosen, filling=True)


def _write(store: GraphStore, nodes: list[Node], edges: list[Edge]) -> None:
    with store.write(actor="benchmark") as w:
        w.put(nodes)
        w.link(edges)


def _base(resources: int) -> list[Node]:
    made = [
        to_node(Area(id=f"a{i:04}", name=f"第{i}区", kind=AreaKind.WARD)) for i in range(_AREAS)
    ]
    made += [to_node(Organization(id=f"o{i:05}", name=f"法人{i}")) for i in range(_ORGANIZATIONS)]
    made += [to_node(Contact(id=f"c{i:04}", name=f"CSW{i}")) for i in range(_CONTACTS)]
    made += [to_node(Department(id=f"d{i:04}", name=f"{i}課")) for i in range(_DEPARTMENTS)]
    return made + [to_node(_facility(i)) for i in range(resources // _PER_FACILITY)]


def _facility(number: int) -> Facility:
    random = Random(number)
    point = Point(round(random.uniform(31, 44), 6), round(random.uniform(130, 145), 6))
    if number % 50 == 0:
        point = Point(round(random.uniform(35.5, 35.7), 6), round(random.uniform(140, 140.2), 6))
    address = f"みほん県みほん市{number % 800}町{number % 30}番{number % 12}号"
    return Facility(id=f"f{number:06}", name=f"会館{number}", address=address, point=point)


def _base_edges(resources: int) -> Iterator[Edge]:
    for number in range(resources // _PER_FACILITY):
        yield _edge(EdgeKind.WITHIN, K.FACILITY, f"f{number:06}", K.AREA, f"a{number % _AREAS:04}")


def _resource(number: int) -> Node:
    return to_node(
        Resource(
            id=f"r{number:07}",
            name=f"ふれあいの場{number:07}",
            name_kana="フレアイノバ",
            category=f"category_{number % 150}",
            description="だれでも立ち寄れる、お茶とおしゃべりの場です。",
            needs=("ibasho", f"need_{number % 200}"),
            eligibility_text="おおむね60歳以上の市民",
            minimum_age=60.0,
            schedule_text="毎週火・木 10:00〜15:00（祝日を除く）",
            schedule=(Slot(weekday=1, start=600, end=900), Slot(weekday=3, start=600, end=900)),
            cost_text="1回200円",
            cost_yen=200,
            vacancy=Vacancy.AVAILABLE if number % 3 else None,
            phone=f"043-{number % 1000:03}-{number % 10000:04}",
            wheelchair=True if number % 2 else None,
            publication=Publication.PUBLIC,
            source="benchmark",
        )
    )


def _links(number: int, resources: int) -> Iterator[Edge]:
    # 同じ場所・法人に散らばり、登録の順とIDの順が離れている、実際に近い形。
    mixed = number * 7919 % resources
    key = f"r{number:07}"
    facility = mixed // _PER_FACILITY % max(resources // _PER_FACILITY, 1)
    ends = (
        (EdgeKind.OFFERED_BY, K.ORGANIZATION, f"o{mixed % _ORGANIZATIONS:05}"),
        (EdgeKind.LOCATED_AT, K.FACILITY, f"f{facility:06}"),
        (EdgeKind.SERVES, K.AREA, f"a{mixed % _AREAS:04}"),
        (EdgeKind.SERVES, K.AREA, f"a{(mixed + 1) % _AREAS:04}"),
        (EdgeKind.SERVES, K.AREA, f"a{(mixed + 2) % _AREAS:04}"),
        (EdgeKind.CONTACTED_THROUGH, K.CONTACT, f"c{mixed % _CONTACTS:04}"),
        (EdgeKind.OVERSEEN_BY, K.DEPARTMENT, f"d{mixed % _DEPARTMENTS:04}"),
    )
    for kind, target_kind, target in ends:
        yield _edge(kind, K.RESOURCE, key, target_kind, target)


def _edge(kind: EdgeKind, sk: NodeKind, si: str, tk: NodeKind, ti: str) -> Edge:
    return Edge(kind=kind, source=Ref(sk, si), target=Ref(tk, ti))


if __name__ == "__main__":
    main()
