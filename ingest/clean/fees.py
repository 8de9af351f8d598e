"""費用: 無料, 1回200円, 月500円, 実費, 大人300円 子ども無料, 100〜300円, 材料費別."""

import re
from dataclasses import dataclass

from graph.model.resource import CostKind
from ingest.clean.blanks import is_unknown, tidy


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """``yen`` is the most a person is asked to pay; ``rest`` the conditions, as written."""

    kind: CostKind
    yen: int | None = None
    rest: str | None = None


_YEN = re.compile(
    r"(?P<n>\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)?\s*(?:(?P<man>万)\s*)?円|[¥\\]\s*(?P<n2>\d{1,3}(?:,\d{3})+|\d+)"
)
_BARE = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,6})(?:\.0+)?")
_RANGE = re.compile(r"(\d[\d,]*)\s*円?\s*[~\-]\s*(\d[\d,]*)\s*円")
_FREE = re.compile(
    r"無料|無し?料|ただ|0円|(?:参加費|利用料|費用|料金|会費)?\s*[:は]?\s*(?:なし|無し|無|かかりません|いりません|不要)$|^(?:なし|無し?|不要)$"
)
_ACTUAL = re.compile(r"実費")
_PER_YEAR = re.compile(
    r"年(?:会費|額|間|に)?\s*[:は]?\s*(?=[\d¥])|[/／]\s*年(?![齢少長])|年会費|年額|1年"
)
_PER_MONTH = re.compile(
    r"月(?:会費|額|謝|に)?\s*[:は]?\s*(?=[\d¥])|(?:[/／]\s*|1\s*[かヶケカ])月|月会費|月額|毎月"
)
_OTHER_UNIT = re.compile(
    r"時間|(?<!\d)\d*\s*分(?!け)|1\s*[kK㎞]|[kK]m|1泊|1台|1組|1世帯|1家族|家族"
)
_DEPENDS = re.compile(
    r"応能|所得|収入|割負担|割(?!引)|自己負担|介護保険|による|により|に応じ|異なり|異なる|別途|寄付|寄附|カンパ|ドネーション|お気持ち|有料.*無料|無料.*有料|割引|半額"
)
_EXTRA = re.compile(
    r"(?:材料費|教材費|食材料費|食費|昼食代|飲食代|おやつ代|保険料|交通費|入会金|資料代)[^、。()]*?(?:別(?:途)?|実費|必要|負担|かかる場合)"
)
_MAX_TEXT = 1000


def read_fee(text: str) -> Fee | None:
    """What it costs, or ``None`` when the text names neither a sum nor its absence.

    >>> read_fee('無料').kind, read_fee('1回200円'), read_fee('月500円').kind
    (<CostKind.FREE: 'free'>, Fee(kind=<CostKind.PER_VISIT: 'per_visit'>, yen=200, rest=None), <CostKind.PER_MONTH: 'per_month'>)
    >>> read_fee('実費').kind, read_fee('0'), read_fee('３００')
    (<CostKind.ACTUAL: 'actual'>, Fee(kind=<CostKind.FREE: 'free'>, yen=0, rest=None), Fee(kind=<CostKind.PER_VISIT: 'per_visit'>, yen=300, rest=None))
    >>> read_fee('大人300円 子ども無料')
    Fee(kind=<CostKind.VARIES: 'varies'>, yen=300, rest='大人300円 子ども無料')
    >>> read_fee('100〜300円').yen, read_fee('年会費2,000円').kind, read_fee('無料（材料費実費）').kind
    (300, <CostKind.PER_YEAR: 'per_year'>, <CostKind.ACTUAL: 'actual'>)
    >>> read_fee('有料'), read_fee('要問合せ'), read_fee('1割負担').kind
    (None, None, <CostKind.VARIES: 'varies'>)
    """
    plain = re.sub(r"[〜～‐-―−]", "~", tidy(text[:_MAX_TEXT]))
    if is_unknown(text):
        return None
    if match := _BARE.fullmatch(plain):
        return _sum(int(match[1].replace(",", "")), plain, CostKind.PER_VISIT, None)
    sums = _sums(plain)
    free = bool(_FREE.search(re.sub(r"\d[\d,]*0円", "", plain)))
    if not sums:
        return _without_sum(plain, free=free)
    if free and max(sums) == 0 and len(set(sums)) == 1:
        return Fee(kind=CostKind.FREE, yen=0, rest=_rest(plain))
    if (
        len(set(sums)) > 1
        or (free and max(sums))
        or _OTHER_UNIT.search(plain)
        or _DEPENDS.search(plain)
    ):
        return Fee(kind=CostKind.VARIES, yen=max(sums), rest=plain)
    return _sum(sums[0], plain, _per(plain), _rest(plain))


def _sum(yen: int, _plain: str, kind: CostKind, rest: str | None) -> Fee:
    return Fee(kind=CostKind.FREE if yen == 0 else kind, yen=yen, rest=rest)


def _sums(plain: str) -> list[int]:
    found = [int(v.replace(",", "")) for m in _RANGE.finditer(plain) for v in m.groups()]
    for match in _YEN.finditer(plain):
        number = int((match["n"] or match["n2"]).replace(",", ""))
        found.append(number * 10_000 if match["man"] else number)
    return found


def _without_sum(plain: str, *, free: bool) -> Fee | None:
    if _DEPENDS.search(plain) and not re.fullmatch(r"別途", plain):
        return Fee(kind=CostKind.VARIES, rest=plain)
    if _ACTUAL.search(plain) or (free and _EXTRA.search(plain)):
        return Fee(kind=CostKind.ACTUAL, rest=None if plain == "実費" else plain)
    if free and re.search(r"有料", plain):
        return Fee(kind=CostKind.VARIES, rest=plain)
    return Fee(kind=CostKind.FREE, yen=0, rest=_rest(plain)) if free else None


def _per(plain: str) -> CostKind:
    if _PER_YEAR.search(plain):
        return CostKind.PER_YEAR
    return CostKind.PER_MONTH if _PER_MONTH.search(plain) else CostKind.PER_VISIT


def _rest(plain: str) -> str | None:
    left = _YEN.sub("", plain)
    left = re.sub(
        r"無料|です|(?:参加費|利用料|費用|料金|会費|1回|月額?|年額?|年会費|月会費|一律|毎回|1人|大人)?\s*[:はに]?\s*|[()/、。につき]",
        "",
        left,
    )
    return plain if len(left) > 1 else None
