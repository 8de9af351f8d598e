"""Trees of concepts (``broader``), and likeness in them by information content."""

import math
from collections.abc import Mapping, Sequence

from graph.errors import NotFoundError


class Tree:
    """Ancestors, descendants and Lin likeness over ``parent`` (key → broader key or ``None``).

    Information content is intrinsic (Seco, Veale & Hayes 2004): ``1 - log(d + 1) / log(n)`` with
    ``d`` descendants of a key and ``n`` keys in all, since a count of cases is not at hand. Lin
    (1998): twice that of the nearest common ancestor over the sum of both. A cycle must have been
    refused before.
    """

    def __init__(self, parent: Mapping[str, str | None]) -> None:
        self._chains = {key: _chain(key, parent) for key in parent}
        self._heads = {key: chain[-1] if chain else key for key, chain in self._chains.items()}
        self._under: dict[str, list[str]] = {}
        for key, head in self._heads.items():
            self._under.setdefault(head, []).append(key)
        below = dict.fromkeys(parent, 0)
        for chain in self._chains.values():
            for key in chain:
                below[key] = below.get(key, 0) + 1
        whole = math.log(max(2, len(parent) + 1))
        self._content = {
            key: max(0.0, 1 - math.log(count + 1) / whole) for key, count in below.items()
        }

    def ancestors(self, key: str) -> Sequence[str]:
        """From ``broader`` up to the head; raises NotFoundError for an unknown key."""
        try:
            return self._chains[key]
        except KeyError:
            raise NotFoundError(
                f"「{key}」という見出しは語彙にありません。",
                hint="docs/reference/glossary.md にある見出しを使ってください。",
                facts={"key": key},
            ) from None

    def head(self, key: str) -> str:
        """The topmost ancestor, or the key itself."""
        chain = self.ancestors(key)
        return chain[-1] if chain else key

    def common(self, left: str, right: str) -> str | None:
        """The nearest key at or above both."""
        own = (left, *self.ancestors(left))
        other = {right, *self.ancestors(right)}
        return next((key for key in own if key in other), None)

    def similarity(self, left: str, right: str) -> float:
        """Lin likeness, 0 to 1; 1 for the same key, 0 when nothing is above both."""
        if left == right:
            return 1.0
        above = self._heads.get(left)
        if above is not None and above != self._heads.get(right, above):
            return 0.0  # 根が違えば、上に同じものはない
        shared = self.common(left, right)
        if shared is None:
            return 0.0
        total = self._content[left] + self._content[right]
        return min(1.0, 2 * self._content[shared] / total) if total else 0.0

    def alike(self, key: str) -> dict[str, float]:
        """All keys with a likeness above 0; raises NotFoundError for an unknown key."""
        found = {other: self.similarity(other, key) for other in self._under[self.head(key)]}
        return {other: near for other, near in found.items() if near > 0}


def _chain(key: str, parent: Mapping[str, str | None]) -> tuple[str, ...]:
    chain: list[str] = []
    above = parent.get(key)
    while above is not None and above in parent and above != key and above not in chain:
        chain.append(above)
        above = parent[above]
    return tuple(chain)
