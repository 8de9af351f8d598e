"""Symbols of resources: one for each head of needs that a category answers most.

Colour is never alone: every symbol has its own letter, and neighbours differ in shape. Colours
keep a contrast of at least 4.5 to 1 against the white letter (WCAG 2.2 AA).
"""

from collections.abc import Mapping
from types import MappingProxyType

from graph.vocabulary.concept import Concept, Family
from graph.vocabulary.protocol import Vocabulary
from graph.vocabulary.rules import NEED_HEADS
from maps.sheet import Mark

_LOOKS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "connection": ("居", "circle", "#1d4ed8"),
        "procedure": ("相", "square", "#374151"),
        "money": ("金", "diamond", "#854d0e"),
        "housing": ("住", "pentagon", "#7e22ce"),
        "care": ("介", "hexagon", "#0f766e"),
        "work": ("働", "square", "#9a3412"),
        "health": ("医", "hexagon", "#b91c1c"),
        "childcare": ("子", "circle", "#a21caf"),
        "watching": ("見", "triangle", "#075985"),
        "giving": ("役", "diamond", "#15803d"),
        "food": ("食", "pentagon", "#c2410c"),
        "family": ("家", "triangle", "#9f1239"),
        "mobility": ("移", "hexagon", "#4338ca"),
        "home": ("片", "square", "#3f6212"),
    }
)
OTHER = Mark(
    key="other",
    label="そのほか・分類がわからないもの",
    letter="他",
    shape="circle",
    colour="#4b5563",
)
STALE = Mark(key="stale", label="確認が古いもの", letter="古", shape="triangle", colour="#9a3412")
UNDATED = Mark(
    key="undated", label="確認日がわからないもの", letter="？", shape="square", colour="#1a1a1c"
)
REFUGE = Mark(
    key="refuge", label="避難所・緊急避難場所", letter="避", shape="pentagon", colour="#15803d"
)

MARKS: Mapping[str, Mark] = MappingProxyType(
    {
        head: Mark(key=head, label=NEED_HEADS[head], letter=letter, shape=shape, colour=colour)
        for head, (letter, shape, colour) in _LOOKS.items()
    }
)

#: Polygons in a box of 24 by 24 with the letter's centre at 12, 13.
OUTLINES: Mapping[str, str] = MappingProxyType(
    {
        "circle": "M12 1a11 11 0 1 0 .01 0z",
        "square": "M2 2h20v20h-20z",
        "diamond": "M12 0L24 12L12 24L0 12z",
        "triangle": "M12 0L24 22H0z",
        "pentagon": "M12 0L24 9L19.5 23H4.5L0 9z",
        "hexagon": "M6 1.5h12L24 12L18 22.5H6L0 12z",
    }
)


def mark_of(category: str | None, vocabulary: Vocabulary) -> Mark:
    """The symbol of a category: the head of the need it answers most strongly."""
    if category is None:
        return OTHER
    concept: Concept | None = vocabulary.get(Family.CATEGORY, category)
    while concept is not None and not concept.answers:
        concept = vocabulary.get(Family.CATEGORY, concept.broader) if concept.broader else None
    if concept is None:
        return OTHER
    best = max(concept.answers, key=lambda link: link.weight)
    heads = (best.key, *vocabulary.ancestors(Family.NEED, best.key))
    return next((MARKS[key] for key in reversed(heads) if key in MARKS), OTHER)
