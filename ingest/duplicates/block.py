"""Blocking: which rows are worth comparing at all. Bounded in memory for half a million rows."""

from collections.abc import Iterator, Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from ingest.duplicates.key import DuplicateKey

#: これより大きい組は、名称の順に並べて近いものどうしだけ比べる。
LARGEST_BLOCK = 40
_WINDOW = 6
_START = 3
Ints = npt.NDArray[np.int64]


def block_keys(key: DuplicateKey) -> Iterator[str]:
    """The blocks a row belongs to: phone, number, name, address, and name beginnings in a town.

    Numbers alone don't make a block with the kind left out: one desk holds many services.
    """
    yield from (f"p{phone}" for phone in key.phones)
    if key.provider_number:
        yield f"v{key.provider_number}|{key.kind or ''}"
    place = key.city or "?"
    yield f"n{key.core}|{place[:3]}"
    if key.kana:
        yield f"k{key.kana}|{place[:3]}"
    if key.block:
        yield f"a{key.city}{key.town}{'-'.join(map(str, key.block[:3]))}"
    if key.town:
        yield f"s{key.town}|{key.core[:_START]}"
        yield f"e{key.town}|{key.core[-_START:]}"
    if key.point:
        # 約110m四方のます。となりのますにまたがる組は名称の側で拾う。
        yield f"g{key.point.lat:.3f},{key.point.lon:.3f}|{key.core[:1]}"
    if not key.town and not key.point:
        yield f"c{place}|{key.core[:_START]}"


def block_hash(text: str) -> int:
    """A 63-bit number of a block key, the same in every process."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") >> 1


def candidate_pairs(keys: Sequence[DuplicateKey], new_from: int) -> Ints:
    """Index pairs (first < second) that share a block, at least one at or above ``new_from``.

    Rows two by column: shape (n, 2), ordered, each pair once.
    """
    hashes, rows = _entries(keys)
    order = np.lexsort((rows, hashes))
    hashes, rows = hashes[order], rows[order]
    edges = np.flatnonzero(np.diff(hashes)) + 1
    starts = np.concatenate(([0], edges))
    ends = np.concatenate((edges, [len(rows)]))
    many = ends - starts > 1
    total = np.int64(max(1, len(keys)))
    found: list[Ints] = []
    for start, end in zip(starts[many], ends[many], strict=True):
        first, second = _pairs(rows[start:end], keys)
        wanted = np.maximum(first, second) >= new_from
        low, high = np.minimum(first, second)[wanted], np.maximum(first, second)[wanted]
        found.append(low * total + high)
    if not found:
        return np.empty((0, 2), dtype=np.int64)
    codes = np.unique(np.concatenate(found))
    return np.stack((codes // total, codes % total), axis=1)


def _entries(keys: Sequence[DuplicateKey]) -> tuple[Ints, Ints]:
    hashes: list[int] = []
    rows: list[int] = []
    for row, key in enumerate(keys):
        for text in dict.fromkeys(block_keys(key)):
            hashes.append(block_hash(text))
            rows.append(row)
    return np.asarray(hashes, dtype=np.int64), np.asarray(rows, dtype=np.int64)


def _pairs(members: Ints, keys: Sequence[DuplicateKey]) -> tuple[Ints, Ints]:
    if len(members) <= LARGEST_BLOCK:
        first, second = np.triu_indices(len(members), k=1)
        return members[first], members[second]
    ordered = np.asarray(
        sorted(members, key=lambda row: (keys[row].core, keys[row].id)), dtype=np.int64
    )
    steps = range(1, _WINDOW + 1)
    return (
        np.concatenate([ordered[:-step] for step in steps]),
        np.concatenate([ordered[step:] for step in steps]),
    )
