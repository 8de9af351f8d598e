"""The floor of a SQLite store's feed: raised with a random name, so that a state can be told.

The number and the name are kept beside the floor. Where a version that knows no names raised it,
the number no longer agrees, and the name is passed over.
"""

import secrets
import sqlite3

from graph.backends import dialect
from graph.backends.embedded_view import meta_value

_BITS = 62


def raise_floor(db: sqlite3.Connection, floor: int) -> None:
    """Set the floor and name it; inside the caller's transaction."""
    for key, value in (("floor", floor), ("marked", floor), ("mark", secrets.randbits(_BITS))):
        db.execute(dialect.SET_META, (key, value))


def floor_mark(db: sqlite3.Connection) -> tuple[int, str] | None:
    """See GraphStore."""
    floor = meta_value(db, "floor")
    if not floor or meta_value(db, "marked") != floor:
        return None
    return floor, str(meta_value(db, "mark"))
