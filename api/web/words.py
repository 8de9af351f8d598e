"""How values are worded on screen: plain Japanese, unknown said as unknown."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from graph.model.people import ContactKind
from graph.model.place import AreaKind
from graph.model.resource import Publication, Referral, Status, Vacancy
from graph.model.unmet import Route, UnmetReason
from ingest.schema import LEDGER
from matching.result import Outcome, Verdict

OUTCOMES: Mapping[str, str] = {
    Outcome.AVAILABLE: "ある",
    Outcome.WIDEN: "広げればある",
    Outcome.CREATE: "ない（つくる）",
    Outcome.NOT_NOW: "今は場につながない",
}
VERDICTS: Mapping[str, str] = {
    Verdict.FITS: "合う",
    Verdict.PARTLY: "一部合う",
    Verdict.MISSES: "合わない",
    Verdict.UNKNOWN: "要確認",
}
VERDICT_MARKS: Mapping[str, str] = {
    Verdict.FITS: "○",
    Verdict.PARTLY: "△",
    Verdict.MISSES: "×",
    Verdict.UNKNOWN: "？",
}
PUBLICATIONS: Mapping[str, str] = {
    Publication.PUBLIC: "公開",
    Publication.RESTRICTED: "関係者限り",
    Publication.CONFIDENTIAL_LOCATION: "所在地非公開",
}
STATUSES: Mapping[str, str] = {
    Status.OPEN: "活動中",
    Status.SUSPENDED: "休止中",
    Status.CLOSED: "終了",
}
VACANCIES: Mapping[str, str] = {
    Vacancy.AVAILABLE: "空きあり",
    Vacancy.NONE: "空きなし",
    Vacancy.WAITLIST: "待機",
    Vacancy.ASK: "要相談",
}
REFERRALS: Mapping[str, str] = {Referral.SELF: "本人可", Referral.REQUIRED: "紹介必要"}
CONTACT_KINDS: Mapping[str, str] = {
    ContactKind.CSW: "CSW",
    ContactKind.SEIKATSU_SHIEN_COORDINATOR: "生活支援コーディネーター",
    ContactKind.MINSEI_IIN: "民生委員・児童委員",
    ContactKind.COUNSELLOR: "相談員",
    ContactKind.DESK: "窓口",
}
AREA_KINDS: Mapping[str, str] = {
    AreaKind.COUNTRY: "国",
    AreaKind.PREFECTURE: "都道府県",
    AreaKind.CITY: "市町村",
    AreaKind.WARD: "区",
    AreaKind.SPHERE: "日常生活圏域",
    AreaKind.SCHOOL_DISTRICT: "学校区",
    AreaKind.ASSOCIATION: "町会・自治会",
    AreaKind.TOWN: "町",
}
REASONS: Mapping[str, str] = {
    UnmetReason.NONE_EXISTS: "地域に資源がない",
    UnmetReason.LACK_OF_RESOURCES: "人手・費用・物資の不足",
    UnmetReason.NOT_ELIGIBLE: "対象の条件に合わない",
    UnmetReason.OUT_OF_AREA: "区域外",
    UnmetReason.SCHEDULE: "曜日・時間が合わない",
    UnmetReason.NO_CAPACITY: "空きなし",
    UnmetReason.WAITLIST: "待機",
    UnmetReason.ACCESSIBILITY_LANGUAGE: "設備・言語・配慮の不足",
    UnmetReason.TRANSPORT: "移動手段がない",
    UnmetReason.COST: "費用の負担",
    UnmetReason.MISSING_DOCUMENT: "書類・手続きが整わない",
    UnmetReason.DECLINED_BY_PERSON: "本人が望まない・合わない",
    UnmetReason.DECLINED_BY_PROVIDER: "受入先の判断",
    UnmetReason.NO_CONTACT: "連絡がつかない",
    UnmetReason.INFO_STALE: "掲載情報が古い・誤り",
    UnmetReason.OTHER: "その他",
}
ROUTES: Mapping[str, str] = {
    Route.WIDEN: "今ある資源を広げる",
    Route.CREATE: "新しくつくる",
    Route.SUPPORT: "移動・費用・手続きを支える",
    Route.FOLLOW: "受入先・掲載内容を確かめる",
    Route.NONE: "不足には数えない",
}
#: Names of the fields of a case, as cards head them.
CASE_FIELDS: Mapping[str, str] = {
    "attributes": "状況",
    "needs": "困りごと",
    "wishes": "望み",
    "strengths": "できること",
    "barriers": "苦手なこと",
    "can_give": "力になれること",
    "free": "動ける時間",
    "possible": "もしかすると",
    "role": "続柄",
    "age": "年齢",
    "age_band": "年代",
    "readiness": "会う気持ち",
    "gender": "性別",
    "area": "区域",
    "already": "つながり済み",
    "on": "日付",
    "point": "地点",
    "consent": "同意",
    "travel.modes": "移動手段",
    "travel.max_minutes": "移動できる時間",
    "memo": "相談メモ",
}
CONSENTS: Mapping[str, str] = {
    "agreed": "本人同意あり",
    "support_conference": "支援会議（同意なし・守秘）",
    "none": "同意まだ",
}

_MONTHS_A_YEAR = 12
_DAYS_A_MONTH = 30.4
_KM = 1000


def day(value: date | None) -> str:
    """A date as people write it.

    >>> day(date(2026, 4, 1))
    '2026年4月1日'
    >>> day(None)
    '不明'
    """
    return f"{value.year}年{value.month}月{value.day}日" if value else "不明"


def age_of(value: date | None, today: date) -> str:
    """How long ago a check was.

    >>> age_of(date(2026, 4, 1), date(2026, 11, 1))
    '7か月前'
    >>> age_of(None, date(2026, 11, 1))
    '確認の記録なし'
    """
    if value is None:
        return "確認の記録なし"
    months = int((today - value).days / _DAYS_A_MONTH)
    if months <= 0:
        return "1か月以内"
    if months < _MONTHS_A_YEAR:
        return f"{months}か月前"
    years, rest = divmod(months, _MONTHS_A_YEAR)
    return f"{years}年前" if rest == 0 else f"{years}年{rest}か月前"


def distance(metres: float | None) -> str:
    """A distance.

    >>> distance(702)
    '約700m'
    >>> distance(12345)
    '約12.3km'
    """
    if metres is None:
        return "距離は不明"
    return f"約{round(metres, -2):.0f}m" if metres < _KM else f"約{metres / _KM:.1f}km"


def case_field(name: str) -> str:
    """The heading of a field of a case."""
    return CASE_FIELDS.get(name, name)


#: What an import could not read and kept as its text, by field.
_FIELD_WORDS: Mapping[str, str] = {
    **LEDGER,
    "attributes": "対象属性",
    "point": "位置",
    "contact": "連絡先",
    "contact_kind": "連絡先の種別",
    "area_kind": "区域の種別",
    "territory": "担当区域",
    "geometry": "区域の形",
    "parent": "親区域",
    "population": "人口",
    "households": "世帯数",
    "elderly_population": "高齢者人口",
    "postal_code": "郵便番号",
    "local_government_code": "市区町村コード",
    "legal_entity_number": "法人番号",
    "status": "状態",
    "vacancy_as_of": "空きの時点",
    "resource": "つなげる資源",
}
_WARNING_ENDS: Mapping[str, str] = {
    "_unresolved": "に語彙にない言葉",
    "_unread": "を読めず文字のまま残した",
    "_unknown": "の相手がまだ登録されていない",
    "_doubt": "が疑わしく距離に使わない",
}
_WARNINGS: Mapping[str, str] = {
    "no_point": "位置が分からない",
    "partial_file": "一部だけのファイルとみた（消えた行に印を付けない）",
    "person_edit_kept": "職員の直しを残した",
    "mapping_proposed": "見慣れない見出しを案で読んだ列",
    "municipality_not_stored": "その市区町村の区域がまだ登録されていない",
    "same_key_in_earlier_file": "先のファイルに同じ番号の行がある",
    "category_from_name": "分類を名称の言葉から決めた",
    "dangling_reference": "指している相手がファイルにない",
    "title_lines_skipped": "見出しの上の行を読み飛ばした",
    "ditto_filled": "「〃」「同上」を上の行の値にした",
    "columns_completed": "見出しから項目の分かる列を加えて読んだ",
    "hidden_rows": "表計算で隠されている行も読んだ",
    "example_sheets_skipped": "記入例のシートを読み飛ばした",
}


def warning_word(code: str) -> str:
    """A warning of an import in words.

    >>> warning_word("schedule_unread")
    '開催日時を読めず文字のまま残した'
    """
    if code in _WARNINGS:
        return _WARNINGS[code]
    for end, words in _WARNING_ENDS.items():
        if code.endswith(end):
            name = code.removesuffix(end)
            return f"{_FIELD_WORDS.get(name, name)}{words}"
    return code


def moment(value: datetime | None) -> str:
    """A time as people write it, in the zone of the machine.

    >>> moment(None)
    '時刻の記録なし'
    """
    if value is None:
        return "時刻の記録なし"
    local = value.astimezone()
    return f"{local.year}年{local.month}月{local.day}日 {local.hour}:{local.minute:02d}"


FILTERS: Mapping[str, Callable[..., Any]] = {
    "day": day,
    "age_of": age_of,
    "distance": distance,
    "case_field": case_field,
    "warning_word": warning_word,
    "moment": moment,
}
GLOBALS: Mapping[str, Any] = {
    "OUTCOMES": OUTCOMES,
    "VERDICTS": VERDICTS,
    "VERDICT_MARKS": VERDICT_MARKS,
    "PUBLICATIONS": PUBLICATIONS,
    "STATUSES": STATUSES,
    "VACANCIES": VACANCIES,
    "REFERRALS": REFERRALS,
    "CONTACT_KINDS": CONTACT_KINDS,
    "AREA_KINDS": AREA_KINDS,
    "REASONS": REASONS,
    "ROUTES": ROUTES,
    "CONSENTS": CONSENTS,
}
