"""The same questions through ``tsunagu serve``: HTTP and JSON, one worker, loopback.

Asked twice: for the list alone (``POST /api/candidates``, what a rival's statement gives) and for
the whole result of the case (``POST /api/match``).
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.compare import TOLERANCE, TOP, Answer, Engine, as_rows, in_turns
from benchmarks.generate import DAY
from benchmarks.questions import Question
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary
from matching.case import parse_case
from matching.engine import Matcher
from matching.index.search import Hit
from matching.introduction import local_contacts

ONE = "/api/candidates"
BARE = f"{ONE}?names=false"
WHOLE = "/api/match"
#: What each is called in a report.
NAMES = {ONE: "http_one_need", BARE: "http_one_need_bare", WHOLE: "http"}
WAIT_S = 600
SILENCE_S = 1.0
_DAYS = "月火水木金土日"


class Link:
    """A kept connection to the server: a request out, its answer in, and nothing else.

    A library of HTTP spends more on reading headers than a short list takes to find.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._host = f"127.0.0.1:{port}"
        self._connect()

    def _connect(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=WAIT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._lines = self._socket.makefile("rb", buffering=1 << 16)
        self._used = time.monotonic()

    def renew(self) -> None:
        """Connect anew after a silence: a server hangs up on who says nothing for some seconds."""
        if time.monotonic() - self._used > SILENCE_S:
            self.close()
            self._connect()

    def post(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer. Raises RuntimeError when the connection was cut."""
        self._used = time.monotonic()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._host}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._socket.sendall(head.encode() + body)
        status = self._lines.readline().split()
        if len(status) < 2:  # noqa: PLR2004 - version and status
            raise RuntimeError(f"{path}: {status!r}")
        length = 0
        while line := self._lines.readline().rstrip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return int(status[1]), self._lines.read(length)

    def close(self) -> None:
        """Hang up."""
        self._lines.close()
        self._socket.close()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the server: questions that count, and others that warm it before."""

    questions: Sequence[Question]
    warm: Sequence[Question]


class Served:
    """The server as one of the engines: a question in words goes out, a list comes back."""

    name = "http"

    def __init__(self, link: Link, path: str, vocabulary: Vocabulary) -> None:
        self._link = link
        self._path = path
        self._vocabulary = vocabulary

    def prepare(self, question: Question) -> dict[str, Any]:
        """The question in words; as JSON only when the clock runs."""
        # 競争相手の番のあいだ、つながりは黙っていた。
        self._link.renew()
        return case_of(question, self._vocabulary)

    def answer(self, prepared: dict[str, Any], top: int) -> list[tuple[int, float]]:
        """Ids and scores; turned into rows after the clock."""
        return listed(ask(self._link, self._path, prepared, top))  # type: ignore[return-value]


def http_times(
    url: str,
    cache: Path,
    asked: Mapping[str, Asked],
    matcher: Matcher,
    rivals: Sequence[Engine] = (),
    step: Callable[[int, int], None] = lambda _done, _total: None,
) -> dict[str, dict[str, float]]:
    """Milliseconds of a request, client's JSON on both sides included, by what is asked.

    ``asked``: :data:`ONE`, :data:`BARE` (without the names, which no rival reads either) and
    :data:`WHOLE`, each with questions of its own, since an engine may keep what it worked out.
    ``rivals`` are asked for the same lists in turns, without HTTP; told as ``NAME_p50_ms``.

    Raises RuntimeError when a list is not the engine's own, place by place.
    """
    found: dict[str, dict[str, float]] = {}
    total, told = sum(len(each.questions) for each in asked.values()), 0
    with served(url, cache) as link:
        for path, each in asked.items():

            def count(done: int, _of: int, before: int = told) -> None:
                step(before + done, total)

            if path == WHOLE:
                found[NAMES[path]] = _whole(link, each, matcher.vocabulary, count)
            else:
                server = Served(link, path, matcher.vocabulary)
                found[NAMES[path]] = _in_turns(server, each, matcher, rivals, count)
            told += len(each.questions)
    return found


def _in_turns(
    server: Served,
    asked: Asked,
    matcher: Matcher,
    rivals: Sequence[Engine],
    step: Callable[[int, int], None],
) -> dict[str, float]:
    segment = matcher.index.base
    timings = in_turns([server, *rivals], asked.questions, segment, warm=asked.warm, step=step)
    own = timings.pop(server.name)
    for question, answer in zip(asked.questions, own.answers, strict=True):
        if not same(answer, as_rows(hits_as_list(expected(question, matcher)), segment)):
            raise RuntimeError(f"{server.name}: {question.need.key}")
    beside = {
        f"{name}_p{p}_ms": round(float(np.percentile(timing.times, p)), 3)
        for name, timing in timings.items()
        for p in (50, 99)
    }
    again = round(float(np.percentile(own.again, 50)), 3)
    return {**_figures(own.times), "again_p50_ms": again, **beside}


def _whole(
    link: Link, asked: Asked, vocabulary: Vocabulary, step: Callable[[int, int], None]
) -> dict[str, float]:
    """Times of whole results. The first questions only warm."""
    times = []
    for number, question in enumerate((*asked.warm, *asked.questions), start=1 - len(asked.warm)):
        body = case_of(question, vocabulary)
        started = time.perf_counter()
        answer = ask(link, WHOLE, body, TOP)
        times.append((time.perf_counter() - started) * 1000)
        assert answer["members"]  # noqa: S101 - must not be empty
        step(max(0, number), len(asked.questions))
    return _figures(times[len(asked.warm) :])


def _figures(times: Sequence[float]) -> dict[str, float]:
    return {
        "requests": len(times),
        "p50_ms": round(float(np.percentile(times, 50)), 3),
        "p99_ms": round(float(np.percentile(times, 99)), 3),
    }


def listed(answer: Mapping[str, Any]) -> list[tuple[str, float]]:
    """Ids and scores of a list as it came back."""
    return [(place["resource_id"], place["score"]) for place in answer["candidates"]]


def hits_as_list(hits: Sequence[Hit]) -> list[tuple[str, float]]:
    """Ids and scores of the engine's own list."""
    return [(hit.resource_id, hit.score) for hit in hits]


def same(found: Answer, expected: Answer) -> bool:
    """Whether a list that came back is the engine's own, place by place."""
    return len(found) == len(expected) and all(
        key == own and abs(score - wanted) <= TOLERANCE
        for (key, score), (own, wanted) in zip(found, expected, strict=True)
    )


def expected(question: Question, matcher: Matcher) -> Sequence[Hit]:
    """The engine's own list for the case as it was sent, in words."""
    household = matcher.household(parse_case(case_of(question, matcher.vocabulary)), on=DAY)
    person = household.persons[0]
    need = next(need for need in person.needs if need.key == question.need.key)
    with matcher.store.read() as view:
        route = bool(local_contacts(view, household.areas).local)
    return matcher.search(household, person, need, on=DAY, top=TOP, has_area_route=route).hits


def case_of(question: Question, vocabulary: Vocabulary) -> dict[str, Any]:
    """The question in words, as an office's program would send it."""
    household, person = question.household, question.person
    assert household.point is not None  # noqa: S101 - ours

    def words(family: Family, keys: frozenset[str]) -> list[str]:
        return [vocabulary.get(family, key).label for key in sorted(keys)]

    return {
        "area": f"市{int(household.areas[0].removeprefix('a'))}",
        "point": {"lat": household.point.lat, "lon": household.point.lon},
        "need": question.need.label,
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


def ask(link: Link, path: str, body: dict[str, Any], top: int) -> dict[str, Any]:
    """One request with its answer as JSON. Raises RuntimeError when it is no answer."""
    data = json.dumps(body, ensure_ascii=False).encode()
    mark = "&" if "?" in path else "?"
    status, text = link.post(f"{path}{mark}top={top}&on={DAY.isoformat()}", data)
    if status != 200:  # noqa: PLR2004 - OK
        raise RuntimeError(f"{status} {text[:300]!r}")
    found: dict[str, Any] = json.loads(text)
    return found


@contextmanager
def served(url: str, cache: Path) -> Iterator[Link]:
    """``tsunagu serve`` over a store on a free port of loopback; ended by its id."""
    port = _free_port()
    settings = {"TSUNAGU_CACHE": str(cache), "TSUNAGU_TODAY": DAY.isoformat()}
    server = subprocess.Popen(
        [sys.executable, "-m", "api", "--store", url, "serve", "--port", str(port)],
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    link: Link | None = None
    try:
        _wait(server, port)
        link = Link(port)
        yield link
    finally:
        if link is not None:
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
