"""Columns that more than one criterion looks at, and those the order of rows is made from."""

from matching.card import ResourceCard
from matching.index.column import Column, Label, Number, Plain

ANYWHERE = "*"


def served_of(card: ResourceCard) -> Plain:
    """``None`` = not known, ``("*",)`` = anywhere, else the ids of the served areas."""
    if card.anywhere:
        return (ANYWHERE,)
    served = card.served
    if served is None:
        return None
    return tuple(sorted(served) if len(served) > 1 else served)


def kind_of(card: ResourceCard) -> Plain:
    """Category and the needs the office named for this place."""
    resource = card.resource
    return (resource.category, tuple(sorted(resource.needs)) if resource.needs else ())


CATEGORY = Label("category", lambda card: card.resource.category)
KIND = Label("kind", kind_of)
SERVED = Label("served", served_of)
LAT = Number("lat", lambda card: card.point.lat if card.point else None, spread=True)
LON = Number("lon", lambda card: card.point.lon if card.point else None, spread=True)
REMOTE = Number("remote", lambda card: float(card.remote), "u1")

#: Always compiled, whatever the criteria ask for.
STRUCTURE: tuple[Column, ...] = (CATEGORY, KIND, SERVED, LAT, LON, REMOTE)
