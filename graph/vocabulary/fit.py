"""How far a category answers a need: its own links first, then what the tree lets it inherit."""

from collections.abc import Mapping

from graph.vocabulary.concept import Concept
from graph.vocabulary.tree import Tree

#: A link to a broader need counts this much of its Lin likeness for a narrower one: a window for
#: 「住まい探し」 helps with 「公営住宅の入居」, but less surely than one made for it.
FROM_BROADER = 0.75
#: The same from one of the 14 heads, which only says that a window hears the whole field.
FROM_HEAD = 0.35
#: A link to a narrower need, asked for the broader one.
FROM_NARROWER = 0.7
#: Who asks in broad words (「介護の負担」) is answered by what is made for a part of it: a link to a
#: narrower need never counts less than this, however broad the words.
FROM_NARROWER_LEAST = 0.65
#: A link to a sister below the heads; sisters directly under a head share nothing usable.
FROM_SISTER = 0.45
#: Between a need of one age group (子どもの居場所) and what is meant for all or for another.
OTHER_AUDIENCE = 0.4
#: Below this an inherited fit says nothing.
FLOOR = 0.12


def carried(tree: Tree, answered: str, asked: str) -> float:
    """Share of a link to ``answered`` that counts for ``asked``, 0 to 1."""
    if answered == asked:
        return 1.0
    if answered in tree.ancestors(asked):
        share = FROM_BROADER if tree.ancestors(answered) else FROM_HEAD
        return share * tree.similarity(answered, asked)
    if asked in tree.ancestors(answered):
        return max(FROM_NARROWER_LEAST, FROM_NARROWER * tree.similarity(answered, asked))
    shared = tree.common(answered, asked)
    if shared is None or not tree.ancestors(shared):
        return 0.0
    return FROM_SISTER * tree.similarity(answered, asked)


def shares(needs: Mapping[str, Concept]) -> Mapping[str, Mapping[str, float]]:
    """For every need a link may point to, the needs it also counts for and how much."""
    tree = Tree({key: need.broader for key, need in needs.items()})
    audience = {key for key, need in needs.items() if "audience" in need.traits}

    def share(answered: str, asked: str) -> float:
        apart = answered != asked and bool({answered, asked} & audience)
        return carried(tree, answered, asked) * (OTHER_AUDIENCE if apart else 1.0)

    return {
        answered: {asked: part for asked in needs if (part := share(answered, asked)) > 0}
        for answered in needs
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
