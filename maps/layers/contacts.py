"""Who introduces people where: territories of CSW, 生活支援コーディネーター, 民生委員 and desks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from graph.model.people import Contact, ContactKind
from maps.data import MapData
from maps.layer import Draw, Layer
from maps.place import Placement
from maps.shapes import light
from maps.sheet import Feature, Sheet

_KINDS = {
    ContactKind.CSW: "CSW",
    ContactKind.SEIKATSU_SHIEN_COORDINATOR: "生活支援コーディネーター",
    ContactKind.MINSEI_IIN: "民生委員・児童委員",
    ContactKind.COUNSELLOR: "相談員",
    ContactKind.DESK: "窓口",
}
_REST = "そのほか"
_NOBODY = "いない・わからない"
_NO_TERRITORY = "担当区域がわからない連絡先"


def collect(data: MapData) -> Sheet:
    """One row an area: who is in charge there, by kind; wider posts count for every area inside."""
    level = data.level
    areas = data.shown_areas((level,)) if level else ()
    in_charge = _in_charge(data)
    rows = [_feature(key, in_charge.get(key, {}), data) for key in areas]
    rows += [_unknown(contact) for contact in data.contacts if not data.covers.get(contact.id)]
    return Sheet(
        title_column="区域",
        columns=(*_KINDS.values(), _REST),
        features=rows,
        notes=("市や区の全体を受け持つ人は、その中のどの区域にも出ます。",),
    )


def _in_charge(data: MapData) -> Mapping[str, Mapping[str, list[str]]]:
    """Area of the working level → kind → names with phone numbers."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for contact in data.contacts:
        kind = _KINDS.get(contact.kind, _REST) if contact.kind else _REST
        for key in sorted(set(_reached(data.covers.get(contact.id, ()), data))):
            found[key][kind].append(_words(contact))
    return found


def _reached(covered: Iterable[str], data: MapData) -> Iterable[str]:
    for area_id in covered:
        above = data.area_at_level(area_id)
        if above is not None and data.areas.areas[above].kind is data.level:
            yield above
            continue
        for key in data.areas.descendants(area_id):
            if key in data.areas.areas and data.areas.areas[key].kind is data.level:
                yield key


def _words(contact: Contact) -> str:
    return f"{contact.name}（{contact.phone}）" if contact.phone else contact.name


def _feature(area_id: str, people: Mapping[str, list[str]], data: MapData) -> Feature:
    geometry = light(data.areas.polygon(area_id))
    return Feature(
        key=area_id,
        title=data.areas.label(area_id),
        group="担当する人",
        cells=(
            *("、".join(people.get(kind, ())) or _NOBODY for kind in _KINDS.values()),
            "、".join(people.get(_REST, ())),
        ),
        placement=Placement.PLACED if geometry else Placement.NOT_DRAWN,
        geometry=geometry,
        map_label=data.areas.areas[area_id].name,
    )


def _unknown(contact: Contact) -> Feature:
    kind = _KINDS.get(contact.kind, _REST) if contact.kind else _REST
    cells = [_words(contact) if name == kind else "" for name in (*_KINDS.values(), _REST)]
    text = f"「{contact.territory_text}」がどの区域かわからない" if contact.territory_text else ""
    return Feature(
        key=contact.id,
        title=contact.name,
        group=_NO_TERRITORY,
        cells=cells,
        placement=Placement.UNKNOWN,
        placement_text=text or "担当区域が書かれていない",
    )


LAYER = Layer(
    key="contacts",
    label="つなぐ人の担当",
    about="CSW、生活支援コーディネーター、民生委員・児童委員、相談員の担当する区域",
    draw=Draw.AREAS,
    order=30,
    collect=collect,
    example="みほん市川辺区新橋圏域",
    colour="#7e22ce",
)
