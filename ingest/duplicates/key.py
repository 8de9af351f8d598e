"""What of a row counts when it is compared with others, in normal forms."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from graph.model.values import Point
from graph.text import normalise
from ingest.clean.addresses import Address, read_address, town_key
from ingest.clean.blanks import is_unknown
from ingest.clean.phones import read_phones
from ingest.duplicates.names import (
    asides,
    core_name,
    full_name,
    is_former,
    is_venue,
    kind_words,
    name_numbers,
    place_parts,
    whole_place,
    wings,
)

_SHORTEST = 3
#: 名称の欄に入った長い文は、頭だけで比べる。
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateKey:
    """One thing to compare. Make it with :func:`make_key`.

    ``kind`` is the category of the service (key or word): two services of different kinds at one
    desk are two things. ``exact_point`` tells that the point was given, not geocoded.
    """

    id: str
    name: str
    core: str
    full: str
    wings: frozenset[str]
    parts: frozenset[str]
    whole: str
    former: bool
    asides: frozenset[str]
    kana: str
    numbers: frozenset[str]
    kinds: frozenset[str]
    venue: bool
    city: str
    town: str
    block: tuple[int, ...]
    phones: frozenset[str]
    legal_entity_number: str | None = None
    provider_number: str | None = None
    kind: str | None = None
    organization: str = ""
    email: str | None = None
    point: Point | None = None
    source: str | None = None


def make_key(  # noqa: PLR0913 - 一行の列をそのまま受け取る
    *,
    id: str,  # noqa: A002 - 資源IDと同じ名で呼ぶ
    name: str,
    name_kana: str | None = None,
    address: str | None = None,
    city: str | None = None,
    phones: Iterable[str] = (),
    legal_entity_number: str | None = None,
    provider_number: str | None = None,
    kind: str | None = None,
    organization: str | None = None,
    email: str | None = None,
    point: Point | None = None,
    source: str | None = None,
) -> DuplicateKey:
    """A key from the texts of a row. ``point`` only where it was given, not geocoded.

    >>> k = make_key(id='a', name='高洲第二保育所', address='千葉市美浜区高洲3丁目12番1号', phones=['043-277-0000'])
    >>> k.core, sorted(k.numbers), k.city, k.town, k.block, sorted(k.phones)
    ('高洲第2保育所', ['2'], '千葉市美浜区', '高洲', (3, 12, 1), ['0432770000'])
    """
    name, name_kana = name[:_LONGEST], (name_kana or "")[:_LONGEST]
    place, town, block = _place((address or "")[:_LONGEST], (city or "")[:_LONGEST])
    core, full = _without_city(core_name(name), place), full_name(name)
    return DuplicateKey(
        id=id,
        name=name,
        core=core,
        full=full,
        kana=core_name(name_kana) if name_kana and not is_unknown(name_kana) else "",
        numbers=name_numbers(name),
        kinds=kind_words(full),
        venue=is_venue(full),
        wings=wings(name),
        parts=place_parts(name),
        whole=whole_place(name),
        former=is_former(name),
        asides=asides(name),
        city=place,
        town=town,
        block=block,
        phones=frozenset(p.digits for text in phones for p in read_phones(text)),
        legal_entity_number=legal_entity_number,
        provider_number=provider_number,
        kind=normalise(kind) if kind else None,
        organization=core_name(organization) if organization else "",
        email=normalise(email) if email else None,
        point=point,
        source=source,
    )


def _without_city(core: str, city: str) -> str:
    """「焼津市立豊田小学校」 in 焼津市 is 豊田小学校."""
    rest = core.removeprefix(
        normalise(city.split("市", maxsplit=1)[0] + "市") if "市" in city else normalise(city)
    )
    rest = (
        rest.removeprefix("市立").removeprefix("立") if rest != core else core.removeprefix("市立")
    )
    return rest if len(rest) >= _SHORTEST else core


@lru_cache(maxsize=65536)
def _place(address: str, city: str) -> tuple[str, str, tuple[int, ...]]:
    parts = read_address(address) if address else None
    if parts is None:
        parts = Address()
    named = f"{parts.city or ''}{parts.ward or ''}"
    if not named and city:
        other = read_address(city)
        named = f"{other.city or ''}{other.ward or ''}" if other else ""
    block = (parts.chome, *parts.numbers) if parts.chome is not None else parts.numbers
    return named, town_key(parts.town or ""), block
