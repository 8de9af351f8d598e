"""The fields a row can fill, by kind: one list for mappings, ledger, export and web forms.

Order and headings of the resource fields are those of the 地域資源台帳.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """What the rows of a table are about."""

    RESOURCES = "resources"
    CONTACTS = "contacts"
    AREAS = "areas"
    PROGRAMS = "programs"
    POPULATION = "population"
    GAZETTEER = "gazetteer"


#: 地域資源台帳の列（見出しは interfaces の順のまま）。
LEDGER: Mapping[str, str] = MappingProxyType(
    {
        "id": "資源ID",
        "name": "名称",
        "name_kana": "名称_カナ",
        "category": "分類",
        "description": "概要",
        "organization": "運営主体",
        "organization_kind": "運営主体種別",
        "department": "所管課",
        "address": "住所",
        "lat": "緯度",
        "lon": "経度",
        "area": "利用できる区域",
        "eligibility": "対象者",
        "minimum_age": "対象年齢下限",
        "maximum_age": "対象年齢上限",
        "attributes": "対象属性",
        "ineligible": "対象外",
        "needs": "対応ニーズ",
        "activities": "活動・関心",
        "roles": "役割",
        "schedule": "開催日時",
        "cost": "費用",
        "capacity": "定員",
        "vacancy": "空き",
        "application": "利用方法",
        "referral": "紹介",
        "transport": "送迎",
        "online": "オンライン",
        "outreach": "訪問",
        "wheelchair": "車椅子",
        "languages": "対応言語",
        "settings": "場の特徴",
        "contact_ids": "連絡先ID",
        "phone": "電話",
        "email": "メール",
        "url": "URL",
        "publication": "公開区分",
        "assured_date": "最終確認日",
        "assured_method": "確認方法",
        "note": "備考",
    }
)

#: 台帳の列にはないが、公開データが持つ項目。書き出しでは台帳の後ろに並ぶ。
MORE_RESOURCE: Mapping[str, str] = MappingProxyType(
    {
        "building": "方書",
        "postal_code": "郵便番号",
        "prefecture": "都道府県名",
        "city": "市区町村名",
        "local_government_code": "市区町村コード",
        "facility_name": "場所名称",
        "legal_entity_number": "法人番号",
        "provider_number": "事業所番号",
        "status": "状態",
        "vacancy_as_of": "空きの時点",
        "point": "座標",
        "open_days": "利用可能曜日",
        "start_time": "開始時間",
        "end_time": "終了時間",
        "hours_note": "利用可能日時特記事項",
        "closed_days": "定休日",
        "hours_weekdays": "平日の時間",
        "hours_monday": "月曜の時間",
        "hours_tuesday": "火曜の時間",
        "hours_wednesday": "水曜の時間",
        "hours_thursday": "木曜の時間",
        "hours_friday": "金曜の時間",
        "hours_saturday": "土曜の時間",
        "hours_sunday": "日曜の時間",
        "hours_holidays": "祝日の時間",
    }
)

CONTACTS: Mapping[str, str] = MappingProxyType(
    {
        "id": "連絡先ID",
        "name": "名称",
        "kind": "種別",
        "organization": "所属",
        "territory": "担当区域",
        "phone": "電話",
        "email": "メール",
        "resources": "つなげる資源",
        "note": "備考",
    }
)

AREAS: Mapping[str, str] = MappingProxyType(
    {
        "id": "区域ID",
        "name": "名称",
        "kind": "種別",
        "parent": "親区域",
        "lat": "緯度",
        "lon": "経度",
        "population": "人口",
        "households": "世帯数",
        "elderly_population": "高齢者人口",
        "local_government_code": "市区町村コード",
        "prefecture": "都道府県名",
        "city": "市区町村名",
        "ward": "区名",
        "geometry": "形",
        "point": "座標",
    }
)

PROGRAMS: Mapping[str, str] = MappingProxyType(
    {
        "plan": "計画",
        "pillar": "柱",
        "number": "番号",
        "name": "取組項目",
        "summary": "概要",
        "department": "担当課",
        "edition": "版",
        "moved": "移転先",
        "follows": "前の取組",
    }
)

GAZETTEER: Mapping[str, str] = MappingProxyType(
    {
        "prefecture": "都道府県名",
        "city": "市区町村名",
        "town": "町名",
        "block": "街区符号",
        "lat": "緯度",
        "lon": "経度",
    }
)

FIELDS: Mapping[Kind, Mapping[str, str]] = MappingProxyType(
    {
        Kind.RESOURCES: MappingProxyType({**LEDGER, **MORE_RESOURCE}),
        Kind.CONTACTS: CONTACTS,
        Kind.AREAS: AREAS,
        Kind.PROGRAMS: PROGRAMS,
        Kind.POPULATION: AREAS,
        Kind.GAZETTEER: GAZETTEER,
    }
)
