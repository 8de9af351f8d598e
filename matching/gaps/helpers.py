"""Further processes that answer cases beside the one that was asked.

Each opens the store again by its url, and takes part only when it then sees the very same state:
same change, same index, same rules. What goes between the processes goes over pipes, so that no
case is ever in a command line, a log or a file. Whatever a helper does not deliver the asking
process does itself; the result never depends on helpers.
"""

import gc
import signal
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from graph.backends.open import open_store
from graph.backends.settings import StoreSettings
from graph.store import GraphStore
from graph.vocabulary.load import load_vocabulary
from matching.case import Case
from matching.engine import Matcher
from matching.gaps.answers import Answers
from matching.gaps.unmet import Asked
from matching.refresh import open_kept

#: Cases with their numbers, handed out together, and their needs.
Share = Sequence[tuple[int, Case]]
Done = list[list[Asked]]

_READY = "ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class Helpers:
    """How many helpers there may be, and what each needs to open the same office again.

    ``cache``: where the compiled index is kept; a helper maps it and compiles nothing.
    """

    count: int
    url: str
    cache: Path
    settings: StoreSettings | None = None
    vocabulary: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a store, its index and the rules look like to whoever answers."""

    store: int
    index: int
    data_version: str
    rules_version: str

    @classmethod
    def of(cls, answers: Answers) -> "State":
        """As these answers see it."""
        matcher = answers.matcher
        return cls(
            store=answers.view.head(),
            index=matcher.head,
            data_version=matcher.index.version(),
            rules_version=matcher.rules_version(None),
        )


@dataclass(slots=True)
class Helper:
    """One helper as the asking process sees it; ``share`` = what it works on."""

    process: BaseProcess
    pipe: Connection
    share: int | None = None
    ready: bool = False


class Crew:
    """The helpers of one run. One that ends, for whatever reason, is only left out."""

    def __init__(self, found: Sequence[Helper]) -> None:
        self.helpers = list(found)

    def heard(self, timeout_s: float | None = 0) -> Iterator[tuple[Helper, Done | None]]:
        """Helpers that can take a share now, with what they did; waits so long for one.

        A helper that ended is given with its share still in it, and is not ready.
        """
        pipes = {helper.pipe: helper for helper in self.helpers}
        for pipe in wait(list(pipes), timeout_s) if pipes else ():
            helper = pipes[pipe]  # type: ignore[index]
            try:
                told = helper.pipe.recv()
            except (EOFError, OSError):
                self._lose(helper)
                yield helper, None
                continue
            helper.ready = True
            yield helper, None if told == _READY else told

    def give(self, helper: Helper, number: int, share: Share) -> bool:
        """Hand a share to a helper that waits for one; false when it is gone."""
        try:
            helper.pipe.send(share)
        except OSError:
            self._lose(helper)
            return False
        helper.share = number
        return True

    def close(self) -> None:
        """End every helper; nothing they still do is needed."""
        for helper in list(self.helpers):
            self._lose(helper)

    def _lose(self, helper: Helper) -> None:
        self.helpers.remove(helper)
        helper.ready = False
        helper.pipe.close()
        helper.process.kill()
        helper.process.join()


@contextmanager
def crew(helpers: Helpers | None, answers: Answers, on: date) -> Iterator[Crew]:
    """Start helpers (they open the store while the asking process already works), and end them."""
    team = Crew(_started(helpers, State.of(answers), on) if helpers else ())
    try:
        yield team
    finally:
        team.close()


def _started(helpers: Helpers, state: State, on: date) -> list[Helper]:
    # どの仕組みの機械でも同じに動くよう、写し（fork）ではなく新しい処理として始める。
    context = get_context("spawn")
    found: list[Helper] = []
    for _ in range(helpers.count):
        ours, theirs = context.Pipe()
        process = context.Process(target=serve, args=(theirs, helpers, state, on), daemon=True)
        try:
            process.start()
        except OSError:
            # 処理を増やせない機械では、頼まれた処理だけで続ける。
            ours.close()
            break
        finally:
            theirs.close()
        found.append(Helper(process, ours))
    return found


def serve(pipe: "Connection[Any, Any]", helpers: Helpers, state: State, on: date) -> None:
    """What a helper does: open, see whether the state is the same, and answer share by share."""
    # 止める指示は頼んだ処理が受け、パイプが閉じることで伝わる。
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with closing(open_store(helpers.url, settings=helpers.settings)) as store:
            _serve(pipe, store, helpers, state, on)
    except Exception:  # noqa: BLE001 - 相談の内容を含みうるので書き出さない。同じ誤りは頼んだ処理で起きる
        return


def _serve(
    pipe: "Connection[Any, Any]", store: GraphStore, helpers: Helpers, state: State, on: date
) -> None:
    vocabulary = load_vocabulary(helpers.vocabulary)
    kept = open_kept(store, vocabulary, helpers.cache)
    if kept is None:
        return
    index, areas, head = kept
    gc.freeze()
    matcher = Matcher(store, vocabulary, index=index, areas=areas, head=head)
    with store.read() as view:
        answers = Answers(matcher, view)
        if State.of(answers) != state:
            return
        pipe.send(_READY)
        while True:
            share: Share = pipe.recv()
            pipe.send([answers.asked(number, case, on) for number, case in share])
