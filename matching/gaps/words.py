"""How reasons, routes and axes are worded for people (casework §4)."""

from collections.abc import Mapping
from types import MappingProxyType

from graph.model.unmet import Route, UnmetReason

REASONS: Mapping[str, str] = MappingProxyType(
    {
        UnmetReason.NONE_EXISTS: "地域に資源がない",
        UnmetReason.LACK_OF_RESOURCES: "人手・費用・物資の不足",
        UnmetReason.NOT_ELIGIBLE: "対象要件に合わない",
        UnmetReason.OUT_OF_AREA: "区域外",
        UnmetReason.SCHEDULE: "曜日・時間が合わない",
        UnmetReason.NO_CAPACITY: "空きなし",
        UnmetReason.WAITLIST: "待機",
        UnmetReason.ACCESSIBILITY_LANGUAGE: "設備・言語・配慮の不足",
        UnmetReason.TRANSPORT: "移動手段がない",
        UnmetReason.COST: "費用負担",
        UnmetReason.MISSING_DOCUMENT: "書類・手続きが整わない",
        UnmetReason.DECLINED_BY_PERSON: "本人が望まない・合わない",
        UnmetReason.DECLINED_BY_PROVIDER: "受入先の判断",
        UnmetReason.NO_CONTACT: "連絡がつかない・返答なし",
        UnmetReason.INFO_STALE: "掲載情報が古い・誤り",
        UnmetReason.OTHER: "その他",
    }
)

ROUTES: Mapping[str, str] = MappingProxyType(
    {
        Route.WIDEN: "広げる",
        Route.CREATE: "つくる",
        Route.SUPPORT: "移動・費用・手続きの支援",
        Route.FOLLOW: "フォロー",
        Route.NONE: "なし",
    }
)

AXIS_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "need": "困りごと",
        "area": "区域",
        "reason": "理由",
        "month": "月",
        "group": "対象者の状況",
        "route": "行き先",
    }
)


def word(axis: str, value: str | None, labels: Mapping[str, Mapping[str, str]]) -> str:
    """A value of an axis as people read it; ``labels`` holds the names of needs and areas."""
    if value is None:
        return "不明"
    fixed = {"reason": REASONS, "route": ROUTES}.get(axis, {})
    return fixed.get(value) or labels.get(axis, {}).get(value, value)
