"""Pairs of rows that may be one thing, among new rows and between them and what is stored."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ingest.duplicates.block import block_hash, block_keys, candidate_pairs
from ingest.duplicates.key import DuplicateKey
from ingest.duplicates.score import Band, Pair, Rarity, score_pair


def find_duplicates(
    candidates: Iterable[DuplicateKey],
    existing: Iterable[DuplicateKey] = (),
    *,
    across_sources_only: bool = False,
) -> Iterator[Pair]:
    """Merged and review pairs with at least one new row, in the order of the rows.

    ``existing`` may be long: of it only rows that share a block with a new row are held. A row
    that is in both is taken once, as new. ``across_sources_only`` passes over pairs of one source.
    """
    fresh = list(candidates)
    own = {key.id for key in fresh}
    wanted = {block_hash(text) for key in fresh for text in block_keys(key)}
    near = [
        key
        for key in existing
        if key.id not in own and any(block_hash(text) in wanted for text in block_keys(key))
    ]
    keys = [*near, *fresh]
    rarity = count_rarity(keys)
    for first, second in candidate_pairs(keys, new_from=len(near)):
        a, b = keys[first], keys[second]
        if a.id == b.id or (across_sources_only and a.source is not None and a.source == b.source):
            continue
        if a.kind and b.kind and a.kind != b.kind:
            continue
        pair = score_pair(a, b, rarity)
        if pair.band is not Band.DIFFERENT:
            yield pair


def count_rarity(keys: Sequence[DuplicateKey]) -> Rarity:
    """How often phones, names and addresses occur among the rows."""
    phones = Counter(phone for key in keys for phone in key.phones)
    names = Counter(key.core for key in keys)
    addresses = Counter(f"{k.city}{k.town}{'-'.join(map(str, k.block))}" for k in keys if k.block)
    return Rarity(
        phones={k: n for k, n in phones.items() if n > 1},
        names={k: n for k, n in names.items() if n > 1},
        addresses={k: n for k, n in addresses.items() if n > 1},
    )
