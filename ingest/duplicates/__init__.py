"""Rows that are about one thing: blocking, scoring with reasons, three bands.

Nothing is merged here; :func:`find_duplicates` proposes, rules and people decide.
"""

from ingest.duplicates.find import find_duplicates
from ingest.duplicates.key import DuplicateKey, make_key
from ingest.duplicates.score import Band, Pair, Rarity, Reason, score_pair

__all__ = [
    "Band",
    "DuplicateKey",
    "Pair",
    "Rarity",
    "Reason",
    "find_duplicates",
    "make_key",
    "score_pair",
]
