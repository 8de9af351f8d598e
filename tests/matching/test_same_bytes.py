"""The same case gives the same bytes: in any process, over any store, from a kept index too."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from graph.backends.settings import sqlite_url
from tests.servers.neo4j import USER, Neo4jServer

ROOT = Path(__file__).resolve().parents[2]
CASES = 40


def answers(seed: int, url: str, *index: Path, password: str | None = None) -> list[bytes]:
    """Every case of the sample, answered by a fresh process with its own order of hashes."""
    server = {"TSUNAGU_NEO4J_USER": USER, "TSUNAGU_NEO4J_PASSWORD": password} if password else {}
    done = subprocess.run(
        [sys.executable, "-m", "tests.matching.other_process", url, *map(str, index)],
        env={**os.environ, **server, "PYTHONHASHSEED": str(seed)},
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def in_memory() -> list[bytes]:
    """What the first process answered, over a store in memory."""
    return answers(1, "memory:")


def test_the_bytes_are_whole_results(in_memory: list[bytes]) -> None:
    assert len(in_memory) == CASES
    for line in in_memory:
        result = json.loads(line)
        assert result["members"]
        assert result["data_version"]
    assert sum(bool(json.loads(line)["ranking"]) for line in in_memory) > CASES / 2


@pytest.mark.slow
def test_another_process_another_store_the_same_bytes(
    in_memory: list[bytes], tmp_path: Path
) -> None:
    url, index = sqlite_url(tmp_path / "記録.db"), tmp_path / "index"
    assert answers(2, url, index) == in_memory
    assert (index / "base").is_dir()
    assert answers(3, url, index) == in_memory, "控えた索引から"


@pytest.mark.neo4j
@pytest.mark.slow
def test_a_server_gives_the_same_bytes(in_memory: list[bytes], neo4j_server: Neo4jServer) -> None:
    neo4j_server.wipe()
    assert answers(4, neo4j_server.url, password=neo4j_server.password) == in_memory
    neo4j_server.wipe()
