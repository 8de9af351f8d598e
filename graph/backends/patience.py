"""Calls that must not hang: a server may hold a connection open and never answer."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")

_LOOK_S = 0.25


class GaveUpError(Exception):
    """No sign of life for too long. ``stage`` names what was being waited for."""

    def __init__(self, stage: str) -> None:
        super().__init__(stage)
        self.stage = stage


class AbandonedError(Exception):
    """Raised inside a call that was given up, so that it can't go on behind the caller's back."""


@dataclass(slots=True)
class Beat:
    """Sign of life of a call: each :meth:`at` restarts the patience."""

    stage: str = "start"
    last: float = field(default_factory=monotonic)
    abandoned: bool = False

    def at(self, stage: str) -> None:
        """Say what comes next. Raises when the caller no longer waits."""
        if self.abandoned:
            raise AbandonedError(stage)
        self.stage = stage
        self.last = monotonic()


@dataclass(slots=True)
class _Call(Generic[T]):
    work: Callable[[Beat], T]
    beat: Beat = field(default_factory=Beat)
    done: threading.Event = field(default_factory=threading.Event)
    result: list[T] = field(default_factory=list)
    error: BaseException | None = None

    def run(self) -> None:
        try:
            self.result.append(self.work(self.beat))
        except BaseException as error:  # noqa: BLE001 - handed to the caller's thread
            self.error = error
        finally:
            self.done.set()


def patiently(work: Callable[[Beat], T], seconds: float) -> T:
    """Run ``work`` in a thread of its own; raise GaveUpError after ``seconds`` without a beat."""
    call = _Call(work)
    threading.Thread(target=call.run, name="tsunagu-store", daemon=True).start()
    while not call.done.wait(min(_LOOK_S, seconds)):
        if monotonic() - call.beat.last > seconds:
            call.beat.abandoned = True
            raise GaveUpError(call.beat.stage)
    if call.error is not None:
        raise call.error
    return call.result[0]
