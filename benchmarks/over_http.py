"""The same questions through ``tsunagu serve``: HTTP and JSON, one worker, loopback.

What comes back is the whole result of a case (``POST /api/match``), not only the list.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.generate import DAY
from benchmarks.questions import Question
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary

WAIT_S = 600
_DAYS = "月火水木金土日"


def http_times(
    url: str,
    cache: Path,
    questions: Sequence[Question],
    warm: Sequence[Question],
    vocabulary: Vocabulary,
    step: Callable[[int, int], None] = lambda _done, _total: None,
) -> dict[str, float]:
    """p50 and p99 in milliseconds of a request, client's JSON on both sides included."""
    bodies = [case_of(question, vocabulary) for question in (*warm, *questions)]
    times: list[float] = []
    with served(url, cache) as link:
        for number, body in enumerate(bodies, start=1):
            started = time.perf_counter()
            result = ask(link, body)
            times.append((time.perf_counter() - started) * 1000)
            assert result["members"]  # noqa: S101 - an empty answer must not count as fast
            step(number, len(bodies))
    own = times[len(warm) :]
    return {
        "requests": len(own),
        "p50_ms": round(float(np.percentile(own, 50)), 3),
        "p99_ms": round(float(np.percentile(own, 99)), 3),
    }


def case_of(question: Question, vocabulary: Vocabulary) -> dict[str, Any]:
    """The question in words, as an office's program would send it."""
    household, person = question.household, question.person
    assert household.point is not None  # noqa: S101 - ours

    def words(family: Family, keys: frozenset[str]) -> list[str]:
        return [vocabulary.get(family, key).label for key in sorted(keys)]

    return {
        "area": f"市{int(household.areas[0].removeprefix('a'))}",
        "point": {"lat": household.point.lat, "lon": household.point.lon},
        "travel": {"modes": list(household.modes), "max_minutes": household.max_minutes},
        "members": [
            {
                "id": person.id,
                "age": person.age_low,
                "needs": [question.need.label],
                "attributes": words(Family.SITUATION, person.situations),
                "wishes": words(Family.ACTIVITY, person.activities),
                "barriers": words(Family.BARRIER, person.barriers),
                "free": [
                    f"{_DAYS[slot.weekday]} {_clock(slot.start)}-{_clock(slot.end)}"
                    for slot in person.free or ()
                ],
            }
        ],
    }


def _clock(minutes: int | None) -> str:
    return f"{(minutes or 0) // 60}:{(minutes or 0) % 60:02d}"


def ask(link: HTTPConnection, body: dict[str, Any]) -> dict[str, Any]:
    """One request with its answer as JSON. Raises RuntimeError when it is no answer."""
    data = json.dumps(body, ensure_ascii=False).encode()
    link.request(
        "POST",
        f"/api/match?top=20&on={DAY.isoformat()}",
        data,
        {"Content-Type": "application/json"},
    )
    answer = link.getresponse()
    text = answer.read()
    if answer.status != 200:  # noqa: PLR2004 - OK
        raise RuntimeError(f"{answer.status} {text[:300]!r}")
    found: dict[str, Any] = json.loads(text)
    return found


@contextmanager
def served(url: str, cache: Path) -> Iterator[HTTPConnection]:
    """``tsunagu serve`` over a store on a free port of loopback; ended by its id."""
    port = _free_port()
    settings = {"TSUNAGU_CACHE": str(cache), "TSUNAGU_TODAY": DAY.isoformat()}
    server = subprocess.Popen(
        [sys.executable, "-m", "api", "--store", url, "serve", "--port", str(port)],
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    link = HTTPConnection("127.0.0.1", port, timeout=WAIT_S)
    try:
        _wait(server, port)
        yield link
    finally:
        link.close()
        server.terminate()
        server.wait(timeout=30)


def _wait(server: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as s:
            s.settimeout(1)
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("tsunagu serve")


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])
