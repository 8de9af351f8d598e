"""The process that is killed: writes batch after batch and says which were acknowledged.

``python -m tests.faults.importer URL FIRST LAST WAIT_S``; credentials by standard input.
"""

import sys
from time import monotonic

from neo4j import Record

from graph.backends.open import StoreSettings, open_store
from graph.backends.server import Params, Transaction
from graph.errors import StoreError
from tests.faults.workload import write_batch

_SILENCE_S = 1.0


def main() -> None:
    """Write the batches in order; stop at the first error with its code."""
    url, first, last, wait_s = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    user, password = (line or None for line in sys.stdin.read().split("\n")[:2])
    tell_when_back()
    chosen = StoreSettings(user=user, password=password, wait_s=wait_s)
    try:
        store = open_store(url, settings=chosen)
        say("open")
        for batch in range(first, last):
            write_batch(store, batch)
            say(f"ok {batch}")
        store.close()
    except StoreError as error:
        say(f"error {error.code}")
        sys.exit(1)


def tell_when_back() -> None:
    """Say 「back」 at the first answer of the server after a silence."""
    run = Transaction.run
    last = [monotonic()]

    def heard(self: Transaction, stage: str, cypher: str, params: Params) -> list[Record]:
        found = run(self, stage, cypher, params)
        now = monotonic()
        if now - last[0] > _SILENCE_S:
            say("back")
        last[0] = now
        return found

    Transaction.run = heard  # type: ignore[method-assign]


def say(line: str) -> None:
    """Tell the watching process at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
