"""What an import understood of a cell, in words a person can hold against the original."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from api.web.words import PUBLICATIONS, REFERRALS, STATUSES, VACANCIES, day
from graph.areas import AreaTree
from graph.errors import NotFoundError
from graph.model.codec import from_node
from graph.model.element import EdgeKind, NodeKind
from graph.model.place import Facility, Precision
from graph.model.resource import AreaScope, CostKind, Opening, Resource, Slot
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary
from ingest.build import Built
from ingest.typed import SCHEDULE_PARTS

_DAYS = "月火水木金土日"
_LAST = -1
_COSTS: Mapping[CostKind, str] = {
    CostKind.FREE: "無料",
    CostKind.PER_VISIT: "1回",
    CostKind.PER_MONTH: "1か月",
    CostKind.PER_YEAR: "1年",
    CostKind.ACTUAL: "実費",
    CostKind.VARIES: "ところにより違う",
}
_OPENINGS: Mapping[Opening, str] = {
    Opening.BY_APPOINTMENT: "予約・要相談",
    Opening.ALWAYS: "いつでも",
    Opening.IRREGULAR: "不定期",
}
_PRECISIONS: Mapping[Precision, str] = {
    Precision.GIVEN: "ファイルの緯度・経度",
    Precision.BLOCK: "番地まで",
    Precision.CHOME: "丁目まで",
    Precision.TOWN: "町まで",
    Precision.CITY: "市区町村まで",
}
_LISTS: Mapping[str, tuple[str, tuple[Family, ...]]] = {
    "needs": ("needs", (Family.NEED,)),
    "activities": ("activities", (Family.ACTIVITY,)),
    "roles": ("roles", (Family.ROLE,)),
    "settings": ("settings", (Family.SETTING,)),
    "attributes": ("eligible", (Family.SITUATION, Family.SETTING)),
    "ineligible": ("ineligible", (Family.SITUATION, Family.SETTING)),
}


def _mark(value: bool) -> str:  # noqa: FBT001 - the value itself
    return "有" if value else "無"


def _years(value: float) -> str:
    return f"{value:g}歳"


#: How the value of a field is said.
_SAYS: Mapping[str, Callable[[Any], str]] = {
    **dict.fromkeys(("phone", "email", "url", "legal_entity_number"), str),
    **dict.fromkeys(("transport", "online", "outreach", "wheelchair"), _mark),
    **dict.fromkeys(("assured_date", "vacancy_as_of"), day),
    **dict.fromkeys(("minimum_age", "maximum_age"), _years),
    "capacity": "{}人".format,
    "publication": PUBLICATIONS.__getitem__,
    "status": STATUSES.__getitem__,
    "vacancy": VACANCIES.__getitem__,
    "referral": REFERRALS.__getitem__,
}
_PLACE = frozenset({"address", "lat", "lon", "point"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a field. ``unread``: not understood, kept as its text and counted."""

    text: str
    unread: bool = False


class ResourceReading:
    """Says field by field what was understood of one row."""

    def __init__(self, built: Built, vocabulary: Vocabulary, areas: AreaTree) -> None:
        self._vocabulary = vocabulary
        self._areas = areas
        self._warned = set(built.warnings)
        self._resource = from_node(built.nodes[0], Resource)
        places = [n for n in built.nodes if n.kind is NodeKind.FACILITY]
        self._place = from_node(places[0], Facility) if places else None
        self._serves = [e.target.id for e in built.edges if e.kind is EdgeKind.SERVES]

    def of(self, name: str) -> Reading | None:
        """What became of a field; ``None`` where its words are simply kept."""
        if f"{name}_unread" in self._warned:
            return Reading("読めないので文字のまま残します", unread=True)
        return self._special(name) or self._plain(name)

    def misses(self) -> int:
        """How many things were not understood."""
        return sum(code.endswith(("_unread", "_unresolved")) for code in self._warned)

    def _special(self, name: str) -> Reading | None:
        if name == "schedule" or name in SCHEDULE_PARTS:
            return self._schedule()
        if name in _PLACE:
            return self._located(name)
        if name in _LISTS:
            return self._listed(name)
        told: Mapping[str, Callable[[], Reading | None]] = {
            "category": self._category,
            "area": self._area,
            "eligibility": self._ages,
            "cost": self._cost,
            "contact_ids": partial(self._joined, "contact_ids"),
        }
        return told[name]() if name in told else None

    def _plain(self, name: str) -> Reading | None:
        value: Any = getattr(self._resource, name, None)
        say = _SAYS.get(name)
        return Reading(say(value)) if value is not None and say is not None else None

    def _category(self) -> Reading | None:
        key = self._resource.category
        if key is None:
            return Reading("語彙にない言葉なので文字のまま残します", unread=True)
        return Reading(self._label(key, (Family.CATEGORY,)))

    def _listed(self, name: str) -> Reading | None:
        field, families = _LISTS[name]
        keys = getattr(self._resource, field) or ()
        said = "、".join(self._label(key, families) for key in keys)
        if f"{name}_unresolved" in self._warned:
            rest = "語彙にない言葉は文字のまま残します"
            return Reading(f"{said}（{rest}）" if said else rest, unread=True)
        return Reading(said) if said else None

    def _joined(self, name: str) -> Reading | None:
        if f"{name}_unresolved" in self._warned:
            return Reading("その番号の連絡先はまだありません", unread=True)
        return Reading("連絡先とつなぎます")

    def _area(self) -> Reading | None:
        if self._resource.area_scope is AreaScope.ANYWHERE:
            return Reading("どこでも")
        said = "、".join(self._areas.label(key) for key in self._serves)
        if "area_unresolved" in self._warned:
            rest = "登録された区域にない言葉は文字のまま残します"
            return Reading(f"{said}（{rest}）" if said else rest, unread=True)
        return Reading(said) if said else None

    def _ages(self) -> Reading | None:
        low, high = self._resource.minimum_age, self._resource.maximum_age
        if low is None and high is None:
            return None
        start = f"{low:g}歳" if low is not None else ""
        end = f"{high:g}歳" if high is not None else ""
        return Reading(f"年齢 {start}〜{end}")

    def _schedule(self) -> Reading:
        if "schedule_unread" in self._warned:
            return Reading("曜日・時間を読めないので文字のまま残します", unread=True)
        slots = slot_words(self._resource.schedule or ())
        opening = _OPENINGS.get(self._resource.opening) if self._resource.opening else None
        closed = "祝日は休み" if self._resource.closed_on_holidays else ""
        return Reading("、".join(part for part in (slots, opening, closed) if part) or "文字のまま")

    def _cost(self) -> Reading | None:
        kind, yen = self._resource.cost_kind, self._resource.cost_yen
        if kind is None:
            return None
        return Reading(_COSTS[kind] + (f" {yen:,}円" if yen else ""))

    def _located(self, name: str) -> Reading | None:
        if "point_unread" in self._warned and name != "address":
            return Reading("位置として読めないので文字のまま残します", unread=True)
        place = self._place
        if place is None:
            return None
        if place.point_doubt:
            return Reading(f"{place.point_doubt}距離には使いません。", unread=True)
        if place.point is None or place.precision is None:
            return Reading("位置は分かりません（住所の文字は残します）", unread=True)
        if name == "address" and place.precision is Precision.GIVEN:
            return None
        where = f"{place.point.lat:.4f}, {place.point.lon:.4f}"
        return Reading(f"位置 {where}（{_PRECISIONS[place.precision]}）")

    def _label(self, key: str, families: tuple[Family, ...]) -> str:
        for family in families:
            try:
                return self._vocabulary.get(family, key).label
            except NotFoundError:
                continue
        return key


def slot_words(slots: Iterable[Slot]) -> str:
    """Weekly slots as people say them.

    >>> slot_words([Slot(weekday=1, start=600, end=720), Slot(weekday=3, start=600, end=720)])
    '毎週 火・木 10:00〜12:00'
    >>> slot_words([Slot(weekday=5, start=780, end=960, weeks=(2, -1))])
    '第2・最終 土 13:00〜16:00'
    >>> slot_words([Slot(weekday=4, weeks=(-1,))])
    '最終 金'
    """
    groups: dict[tuple[tuple[int, ...], bool, int | None, int | None], list[int]] = {}
    for slot in slots:
        key = (slot.weeks, slot.biweekly, slot.start, slot.end)
        groups.setdefault(key, []).append(slot.weekday)
    return "、".join(
        " ".join(part for part in (_weeks(*key[:2]), _on(days), _clock(*key[2:])) if part)
        for key, days in groups.items()
    )


def _on(days: list[int]) -> str:
    return "・".join(_DAYS[number] for number in sorted(set(days)))


def _weeks(weeks: tuple[int, ...], biweekly: bool) -> str:  # noqa: FBT001 - the slot's own field
    if not weeks:
        return "隔週" if biweekly else "毎週"
    # 「最終」は、番号のあとに並べる。
    numbers = sorted(weeks, key=lambda week: (week == _LAST, week))
    said = "・".join("最終" if week == _LAST else str(week) for week in numbers)
    return said if numbers[0] == _LAST else f"第{said}"


def _clock(start: int | None, end: int | None) -> str:
    if start is None:
        return ""
    until = f"{end // 60}:{end % 60:02d}" if end is not None else ""
    return f"{start // 60}:{start % 60:02d}〜{until}"
