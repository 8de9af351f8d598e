"""One import, two backends: the same match and the same gap report, byte for byte."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from graph.backends.settings import sqlite_url
from ingest.samples import sample_folder
from tests.servers.neo4j import USER, Neo4jServer

CASE = {
    "case_id": "C-2026-0001",
    "on": "2026-11-20",
    "members": [
        {"id": "m1", "role": "本人", "age": 62, "needs": ["日中の居場所", "通院の再開"]},
        {"id": "m2", "role": "母", "age": 84, "needs": ["通いの場"]},
    ],
}


def run(arguments: Sequence[str], server: Neo4jServer) -> bytes:
    """Run the product as an office does."""
    secrets = {"TSUNAGU_NEO4J_USER": USER, "TSUNAGU_NEO4J_PASSWORD": server.password}
    done = subprocess.run(
        [sys.executable, "-m", "api", *arguments],
        env={**os.environ, **secrets},
        capture_output=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def answers(url: str, folder: Path, server: Neo4jServer) -> tuple[bytes, bytes]:
    """A match and a gap report."""
    case, cases, out = folder / "case.json", folder / "cases.jsonl", folder / "gaps.json"
    case.write_text(json.dumps(CASE))
    cases.write_text(json.dumps(CASE) + "\n")
    match = run(["--store", url, "match", str(case), "--json"], server)
    run(["--store", url, "gaps", "--cases", str(cases), "--out", str(out)], server)
    return match, out.read_bytes()


def compare(sources: Sequence[Path], folder: Path, server: Neo4jServer) -> None:
    """Import, migrate there and back, and ask all three."""
    server.wipe()
    here, back = sqlite_url(folder / "a.sqlite"), sqlite_url(folder / "b.sqlite")
    for source in sources:
        run(["--store", here, "import", str(source), "--yes"], server)
    run(["migrate", here, server.url], server)
    run(["migrate", server.url, back], server)
    first = answers(here, folder, server)
    assert json.loads(first[0])["ranking"]
    assert answers(server.url, folder, server) == first
    assert answers(back, folder, server) == first


@pytest.mark.neo4j
@pytest.mark.slow
def test_the_sample_city_answers_the_same(neo4j_server: Neo4jServer, tmp_path: Path) -> None:
    compare([sample_folder()], tmp_path, neo4j_server)


@pytest.mark.neo4j
@pytest.mark.slow
@pytest.mark.shared
def test_real_data_answer_the_same(neo4j_server: Neo4jServer, shared: Path, tmp_path: Path) -> None:
    data = shared / "data"
    wards = data / "boundaries" / "chiba-wards-n03.geojson"
    compare([wards, data / "jp-care-medical" / "chiba-matsudo.csv"], tmp_path, neo4j_server)
