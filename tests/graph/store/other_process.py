"""Another process at the same store: writes twice and ends. Credentials come by standard input."""

import sys

from graph.backends.open import open_store
from graph.backends.settings import StoreSettings
from graph.model.element import Node, NodeKind


def main() -> None:
    """Write the same node in two transactions."""
    user, password, database = (line or None for line in sys.stdin.read().split("\n")[:3])
    chosen = StoreSettings(user=user, password=password, database=database)
    store = open_store(sys.argv[1], settings=chosen)
    for number in range(2):
        with store.write(actor="別の過程") as w:
            w.put([Node(kind=NodeKind.RESOURCE, id="theirs", props={"round": number})])
    store.close()


if __name__ == "__main__":
    main()
