"""How far a category answers a need: its own links first, then what the tree lets it inherit."""

from collections.abc import Iterable, Mapping

from graph.vocabulary.concept import Concept
from graph.vocabulary.tree import Tree

#: A link to a broader need counts this much of its Lin likeness for a narrower one: a window for
#: 「お金」 helps with 「家賃の滞納」, but less surely than one made for it.
FROM_BROADER = 0.9
#: A link to a narrower need, asked for the broader one.
FROM_NARROWER = 0.9
#: A link to a sister below the heads; sisters directly under a head share nothing usable.
FROM_SISTER = 0.55
#: Below this an inherited fit says nothing.
FLOOR = 0.12


def carried(tree: Tree, answered: str, asked: str) -> float:
    """Share of a link to ``answered`` that counts for ``asked``, 0 to 1."""
    if answered == asked:
        return 1.0
    if answered in tree.ancestors(asked):
        return FROM_BROADER * tree.similarity(answered, asked)
    if asked in tree.ancestors(answered):
        return FROM_NARROWER * tree.similarity(answered, asked)
    shared = tree.common(answered, asked)
    if shared is None or not tree.ancestors(shared):
        return 0.0
    return FROM_SISTER * tree.similarity(answered, asked)


def shares(tree: Tree, needs: Iterable[str]) -> Mapping[str, Mapping[str, float]]:
    """For every need a link may point to, the needs it also counts for and how much."""
    keys = tuple(needs)
    return {
        answered: {asked: share for asked in keys if (share := carried(tree, answered, asked)) > 0}
        for answered in keys
    }


def need_fits(category: Concept, share: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Every need with a usable fit for the category, given :func:`shares`.

    What a category says itself about a need is never changed by what it would inherit.
    """
    fits: dict[str, float] = {}
    for link in category.answers:
        for asked, part in share.get(link.key, {}).items():
            fit = round(link.weight * part, 4)
            if fit >= FLOOR and fit > fits.get(asked, 0.0):
                fits[asked] = fit
    fits.update({link.key: link.weight for link in category.answers if link.key in share})
    return fits
