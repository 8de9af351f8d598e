"""Running the importer, hearing what it acknowledges, and judging what is left."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from graph.backends.digest import GraphDigest, digest_of
from graph.backends.open import StoreSettings, open_store
from tests.faults.workload import BATCHES, state, write_batch

WAIT_S = 90.0
_PATIENCE_S = 240.0


@dataclass
class Target:
    """Where to import to."""

    url: str
    user: str | None = None
    password: str | None = None

    def settings(self) -> StoreSettings:
        return StoreSettings(user=self.user, password=self.password, wait_s=WAIT_S)


@dataclass
class Importer:
    """One running importer."""

    target: Target
    first: int = 0
    last: int = BATCHES
    wait_s: float = WAIT_S
    acknowledged: list[tuple[float, int]] = field(default_factory=list)
    error: str | None = None
    back: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        command = [self.target.url, str(self.first), str(self.last), str(self.wait_s)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.importer", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdin is not None
        self.process.stdin.write(f"{self.target.user or ''}\n{self.target.password or ''}\n")
        self.process.stdin.close()
        self._heard = threading.Condition()
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def wait_for(self, count: int) -> None:
        """Until so many batches are acknowledged, or the process has ended."""
        with self._heard:
            self._heard.wait_for(
                lambda: len(self.acknowledged) >= count or not self._reader.is_alive(), _PATIENCE_S
            )

    def kill(self) -> None:
        """As a power cut would."""
        self.process.kill()
        self.end()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold it still: a server's view is no snapshot, and what it adds meanwhile would look torn."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        """Wait until it has ended."""
        self.process.wait(_PATIENCE_S)
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def batches(self) -> set[int]:
        """What it was told is kept."""
        return {batch for _, batch in self.acknowledged}

    def first_after(self, moment: float) -> float:
        """Seconds from a moment to the next acknowledgement."""
        later = [at - moment for at, _ in self.acknowledged if at > moment]
        return later[0] if later else float("nan")

    def back_after(self, fault: float, ready: float) -> float:
        """Seconds from ``ready`` to the server's first answer after a fault; 0 = before ``ready``."""
        later = [at for at in self.back if at > fault]
        return max(0.0, later[0] - ready) if later else float("nan")

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            word, _, rest = line.strip().partition(" ")
            with self._heard:
                if word == "ok":
                    self.acknowledged.append((time.monotonic(), int(rest)))
                elif word == "back":
                    self.back.append(time.monotonic())
                elif word == "error":
                    self.error = rest
                self._heard.notify_all()
        with self._heard:
            self._heard.notify_all()


@dataclass(frozen=True, kw_only=True)
class Left:
    """What a fault left behind."""

    lost: int
    partial: int
    faults: tuple[str, ...]
    digest: GraphDigest


def look(target: Target, acknowledged: set[int]) -> Left:
    """Compare what was acknowledged with what is there, by index and by reading through."""
    store = open_store(target.url, settings=target.settings())
    try:
        with store.read() as view:
            whole, part = state(view, range(BATCHES))
            digest = digest_of(view)
        faults = tuple(store.check())
    finally:
        store.close()
    return Left(lost=len(acknowledged - whole), partial=len(part), faults=faults, digest=digest)


def clean_digest() -> GraphDigest:
    """The graph of an undisturbed import."""
    store = open_store("memory:")
    for batch in range(BATCHES):
        write_batch(store, batch)
    with store.read() as view:
        return digest_of(view)
