"""Compiles the index of a whole store; of a large one in two processes, each reading its half.

The second process opens the store again by its url and takes part only when it sees the very same
state, with the same rules. Whatever it does not deliver the first process does itself: the
segment never depends on how many worked on it, to the byte.
"""

import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import BinaryIO

from graph.areas import AreaTree
from graph.backends.open import open_store
from graph.errors import NotFoundError
from graph.model.element import NodeKind
from graph.store import GraphStore, View
from graph.vocabulary.concept import Concept, Family
from graph.vocabulary.protocol import Vocabulary
from matching.cards import all_cards
from matching.index.compile import Compiler, Gatherer, Part
from matching.index.live import columns, finished
from matching.index.segment import Segment
from matching.index.snapshot import compile_rules
from matching.mark import mark_of

#: A store of fewer resources is compiled before a second process would be of help.
AT_LEAST = 50_000
#: How long the first process waits for the second once its own half is done, and more a row.
WAIT_S = 30.0
_WAIT_S_A_ROW = 0.0002
#: As they were when this code was loaded: a second process loads what lies there by then.
_RULES = compile_rules()

# 呼んだ側の初めの部品（__main__）を読み直さないよう、multiprocessing ではなく、ただの新しい処理にする。
_CHILD = """\
import pickle, sys
sys.path[:], size = pickle.load(sys.stdin.buffer)
job = sys.stdin.buffer.read(size)
from matching.compiling import serve
serve(job, sys.stdout.buffer)
"""
_Given = Callable[[int], Part | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a store looks like to whoever reads it, and the rules they compile by."""

    head: int
    mark: str | None
    rules: str

    @classmethod
    def of(cls, store: GraphStore, view: View) -> "State":
        """As this view sees it."""
        head = view.head()
        return cls(head=head, mark=mark_of(store, head), rules=_RULES)


@dataclass(frozen=True, slots=True)
class Categories:
    """As much of a vocabulary as cards need, fit to be sent to another process."""

    known: Mapping[str, Concept]

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> "Categories":
        """Those of a vocabulary."""
        concepts = vocabulary.concepts(Family.CATEGORY)
        return cls(
            {c.key: replace(c, facts={**c.facts}, crosswalk={**c.crosswalk}) for c in concepts}
        )

    def get(self, family: Family, key: str) -> Concept:
        """The category; raises NotFoundError."""
        if family is not Family.CATEGORY or key not in self.known:
            raise NotFoundError(f"見出し「{key}」がありません。", facts={"family": str(family)})
        return self.known[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What the second process does: the resources behind ``after``."""

    url: str
    after: str
    state: State
    categories: Categories


def compile_store(
    store: GraphStore, view: View, vocabulary: Vocabulary, areas: AreaTree
) -> Segment:
    """One segment of every resource that a view of the store holds."""
    with _no_sweeping():
        return _compiled(store, view, vocabulary, areas)


@contextmanager
def _no_sweeping() -> Iterator[None]:
    # 作るのは輪にならない物ばかりで、使い終われば消える。百万件のたびの見直しは無駄になる。
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _compiled(store: GraphStore, view: View, vocabulary: Vocabulary, areas: AreaTree) -> Segment:
    compiler = Compiler(columns(), vocabulary)
    middle = _middle(store, view)
    if middle is None:
        compiler.add_all(all_cards(view, vocabulary, areas))
        return finished(compiler)
    job = Job(
        url=store.url,
        after=middle,
        state=State.of(store, view),
        categories=Categories.of(vocabulary),
    )
    with _second_process(job) as given:
        compiler.add_all(all_cards(view, vocabulary, areas, until=middle))
        part = given(len(compiler))
    if part is None or not compiler.take(part):
        compiler.add_all(all_cards(view, vocabulary, areas, after=middle))
    return finished(compiler)


def _middle(store: GraphStore, view: View) -> str | None:
    """The last id of the first half; ``None`` where a second process is of no help."""
    if not getattr(store, "opens_elsewhere", False) or _cores() == 1:
        return None
    count = view.counts().get(NodeKind.RESOURCE, 0)
    return view.id_at(NodeKind.RESOURCE, count // 2) if count >= AT_LEAST else None


def _cores() -> int:
    return os.cpu_count() or 1


@contextmanager
def _second_process(job: Job) -> Iterator[_Given]:
    """Another process at work on the job; what it gives once the first is done with its own."""
    process = _started()
    if process is None:
        yield lambda _: None
        return
    with process:
        try:
            _send(process, job)
            yield lambda rows: _received(process, WAIT_S + rows * _WAIT_S_A_ROW)
        finally:
            process.kill()


def _started() -> "subprocess.Popen[bytes] | None":
    if not sys.executable or getattr(sys, "frozen", False):
        return None
    try:
        return subprocess.Popen(  # noqa: S603 - this very Python, and text of our own
            [sys.executable, "-c", _CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError:
        # 処理を増やせない機械では、一つの処理で続ける。
        return None


def _send(process: "subprocess.Popen[bytes]", job: Job) -> None:
    text = pickle.dumps(job)
    stdin = process.stdin
    if stdin is None:
        return
    try:
        stdin.write(pickle.dumps((sys.path, len(text))) + text)
        stdin.flush()
    except OSError:
        # すぐに終わってしまった処理には送れない。そのことは受け取るときに分かる。
        with suppress(OSError):
            stdin.close()


def _received(process: "subprocess.Popen[bytes]", wait_s: float) -> Part | None:
    try:
        answer, _ = process.communicate(timeout=wait_s)
        part = pickle.loads(answer) if process.returncode == 0 else None  # noqa: S301 - our own process
    except Exception:  # noqa: BLE001 - どんな終わり方でも、残りは自分で作れる
        return None
    return part if isinstance(part, Part) else None


def serve(job: bytes, answer: BinaryIO) -> None:
    """The second process: writes its part, or nothing when it sees another state."""
    asked: Job = pickle.loads(job)  # noqa: S301 - from the process that started this one
    with closing(open_store(asked.url)) as store, store.read() as view:
        if State.of(store, view) == asked.state:
            pickle.dump(_part(view, asked), answer, protocol=pickle.HIGHEST_PROTOCOL)
            answer.flush()


def _part(view: View, job: Job) -> Part:
    gatherer = Gatherer(columns())
    with _no_sweeping():
        gatherer.add_all(all_cards(view, job.categories, AreaTree.load(view), after=job.after))
    return gatherer.part()
