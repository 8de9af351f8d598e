"""Closed words of contacts and areas: their 種別. Unknown words are ``None``."""

from collections.abc import Mapping

from graph.model.people import ContactKind
from graph.model.place import AreaKind
from graph.text import normalise

CONTACT_KIND: Mapping[str, ContactKind] = {
    "CSW": ContactKind.CSW,
    "コミュニティソーシャルワーカー": ContactKind.CSW,
    "地域福祉コーディネーター": ContactKind.CSW,
    "生活支援コーディネーター": ContactKind.SEIKATSU_SHIEN_COORDINATOR,
    "SC": ContactKind.SEIKATSU_SHIEN_COORDINATOR,
    "地域支え合い推進員": ContactKind.SEIKATSU_SHIEN_COORDINATOR,
    "民生委員・児童委員": ContactKind.MINSEI_IIN,
    "民生委員": ContactKind.MINSEI_IIN,
    "児童委員": ContactKind.MINSEI_IIN,
    "主任児童委員": ContactKind.MINSEI_IIN,
    "相談員": ContactKind.COUNSELLOR,
    "相談支援員": ContactKind.COUNSELLOR,
    "窓口": ContactKind.DESK,
    "相談窓口": ContactKind.DESK,
    "課": ContactKind.DESK,
}
AREA_KIND: Mapping[str, AreaKind] = {
    "国": AreaKind.COUNTRY,
    "都道府県": AreaKind.PREFECTURE,
    "県": AreaKind.PREFECTURE,
    "市": AreaKind.CITY,
    "市町村": AreaKind.CITY,
    "市区町村": AreaKind.CITY,
    "町村": AreaKind.CITY,
    "区": AreaKind.WARD,
    "行政区": AreaKind.WARD,
    "日常生活圏域": AreaKind.SPHERE,
    "圏域": AreaKind.SPHERE,
    "小学校区": AreaKind.SCHOOL_DISTRICT,
    "中学校区": AreaKind.SCHOOL_DISTRICT,
    "学区": AreaKind.SCHOOL_DISTRICT,
    "自治会": AreaKind.ASSOCIATION,
    "町会": AreaKind.ASSOCIATION,
    "町内会": AreaKind.ASSOCIATION,
    "自主防災会": AreaKind.ASSOCIATION,
    "町": AreaKind.TOWN,
    "町丁": AreaKind.TOWN,
    "町丁目": AreaKind.TOWN,
    "地区": AreaKind.SPHERE,
}


_CONTACT = {normalise(w): v for w, v in CONTACT_KIND.items()}
_AREA = {normalise(w): v for w, v in AREA_KIND.items()}


def read_contact_kind(text: str) -> ContactKind | None:
    """種別 of a 連絡先."""
    plain = normalise(text)
    found = _CONTACT.get(plain)
    if found is not None:
        return found
    return next((kind for word, kind in _CONTACT.items() if len(word) > 2 and word in plain), None)  # noqa: PLR2004 - 「課」「sc」は部分一致させない


def read_area_kind(text: str) -> AreaKind | None:
    """種別 of a 区域."""
    return _AREA.get(normalise(text))
