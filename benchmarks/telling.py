"""How far long work has come, in plain sentences on standard error."""

import sys
import time

#: Seconds between two lines about the same work.
EVERY_S = 5.0
_A_MINUTE = 90


class Telling:
    """Says what is being done; ``done`` and ``total`` become a share and the time left."""

    def __init__(self) -> None:
        self._what = ""
        self._started = self._told = 0.0

    def say(self, what: str) -> None:
        """Begin something new."""
        self._what = what
        self._started = self._told = time.monotonic()
        _write(what)

    def step(self, done: int, total: int) -> None:
        """Some of it is done; tells now and then."""
        now = time.monotonic()
        if now - self._told < EVERY_S or not 0 < done <= total:
            return
        self._told = now
        left = (now - self._started) * (total - done) / done
        _write(f"  {self._what.rstrip('。')}：{done / total:.0%}（残り{spoken(left)}）")


def spoken(seconds: float) -> str:
    """「約40秒」「約3分」."""
    if seconds < _A_MINUTE:
        return f"約{max(1, round(seconds))}秒"
    return f"約{round(seconds / 60)}分"


def _write(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
