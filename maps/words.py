"""Dates and times as people read them on the map."""

from datetime import date

from graph.model.resource import Publication, Resource, Status

#: An entry not checked for longer than this is marked: 資源の台帳は年に一度は確かめる。
STALE_DAYS = 365
_MONTHS_A_YEAR = 12


def age_in_words(then: date, on: date) -> str:
    """How long ago a date was, in years and months.

    >>> age_in_words(date(2025, 10, 1), date(2026, 11, 21))
    '1年1か月前'
    >>> age_in_words(date(2026, 11, 1), date(2026, 11, 21))
    '1か月以内'
    """
    months = (on.year - then.year) * _MONTHS_A_YEAR + on.month - then.month
    months -= 1 if on.day < then.day else 0
    if months < 1:
        return "1か月以内"
    years, rest = divmod(months, _MONTHS_A_YEAR)
    return (f"{years}年" if years else "") + (f"{rest}か月" if rest else "") + "前"


def is_stale(resource: Resource, on: date) -> bool:
    """Whether nobody has checked the entry for a year, or nobody knows when."""
    return resource.assured_date is None or (on - resource.assured_date).days > STALE_DAYS


def assured_text(resource: Resource, on: date) -> str:
    """最終確認 with its age, and a word where it has to be checked again."""
    if resource.assured_date is None:
        return "確認日不明・要確認"
    text = f"{resource.assured_date.isoformat()}（{age_in_words(resource.assured_date, on)}）"
    return text + ("・要確認" if is_stale(resource, on) else "")


def remarks(resource: Resource, *, public: bool) -> str:
    """Marks a reader has to see: 休止中, 関係者限り."""
    words = []
    if resource.status is Status.SUSPENDED:
        words.append("休止中")
    if not public and resource.publication is Publication.RESTRICTED:
        words.append("関係者限り")
    return "・".join(words)
