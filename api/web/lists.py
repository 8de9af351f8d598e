"""Words offered beside a box while typing. The box takes any word; these only help."""

from collections.abc import Mapping, Sequence

from api.catalogue import Catalogue
from api.office import Office
from graph.model.place import AreaKind
from graph.vocabulary.concept import Family

_MODES = ("徒歩", "自転車", "バス", "電車", "車", "送迎")
_FREE = ("平日の昼", "平日の夜", "土日", "平日 13:00-17:00")
_AREAS = 600
_RESOURCES = 500
_NAMED = frozenset(
    {AreaKind.CITY, AreaKind.WARD, AreaKind.SPHERE, AreaKind.SCHOOL_DISTRICT, AreaKind.TOWN}
)

#: Which list a field of a member's card offers.
FIELD_LISTS: Mapping[str, str] = {
    "attributes": "situation",
    "needs": "need",
    "wishes": "wish",
    "strengths": "wish",
    "barriers": "barrier",
    "can_give": "role",
    "free": "free",
}


def case_lists(office: Office, catalogue: Catalogue) -> dict[str, list[str]]:
    """All lists of the consultation screen."""

    def labels(*families: Family) -> list[str]:
        return [c.label for f in families for c in office.vocabulary.concepts(f)]

    return {
        "situation": labels(Family.SITUATION),
        "need": labels(Family.NEED),
        "wish": labels(Family.ACTIVITY, Family.ROLE),
        "barrier": labels(Family.BARRIER, Family.SETTING),
        "role": labels(Family.ROLE),
        "free": list(_FREE),
        "modes": list(_MODES),
        "category": labels(Family.CATEGORY),
        "area": area_words(office),
        "resource": [row.name for row in catalogue.rows()[:_RESOURCES]],
    }


def area_words(office: Office) -> list[str]:
    """Names of areas, widest first."""
    tree = office.areas
    found = sorted(
        (a for a in tree.areas.values() if a.kind in _NAMED),
        key=lambda a: (list(AreaKind).index(a.kind), a.id),
    )
    return list(dict.fromkeys(tree.label(a.id) for a in found[:_AREAS]))


def area_options(office: Office) -> Sequence[tuple[str, str]]:
    """Areas to choose from in a filter: id and label; wards and spheres, or cities of a region."""
    tree = office.areas
    for kinds in (
        (AreaKind.WARD, AreaKind.SPHERE),
        (AreaKind.CITY,),
        (AreaKind.TOWN,),
    ):
        found = [a for a in tree.areas.values() if a.kind in kinds]
        if found:
            options = [(a.id, tree.label(a.id)) for a in found]
            return sorted(options, key=lambda option: option[1])[:_AREAS]
    return []
