"""Properties of the value readers: what is written in any usual way is read back, nothing is guessed."""

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from japanera import EraDate

from graph.ages import read_age_band
from graph.hours import free_times, read_hours
from graph.model.resource import CostKind, Opening
from ingest.clean.addresses import read_address, town_key
from ingest.clean.ages import read_ages
from ingest.clean.capacity import read_capacity
from ingest.clean.codes import (
    legal_entity_check_digit,
    local_government_check_digit,
    read_legal_entity_number,
    read_local_government_code,
    read_postal_code,
)
from ingest.clean.eras import read_date, read_span
from ingest.clean.fees import read_fee
from ingest.clean.lists import split_list
from ingest.clean.marks import read_mark
from ingest.clean.phones import PhoneKind, read_phones

WIDE = str.maketrans(string.digits + "-/.", "０１２３４５６７８９－／．")
DAYS = st.dates(date(1926, 12, 26), date(2099, 12, 31))
JUNK = st.text(max_size=60)
CLOCK = st.integers(0, 23 * 4 - 1).map(lambda q: q * 15)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


@given(DAYS)
def test_every_way_of_writing_a_day_is_read(day: date) -> None:
    era = EraDate.from_date(day)
    year = era.era.calc_relative_year(day)
    ways = [
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        f"{day.year}/{day.month}/{day.day}".translate(WIDE),
        f"{era.era.kanji}{'元' if year == 1 else year}年{day.month}月{day.day}日",
        f"{era.era.kanji}{year}年{day.month}月{day.day}日".translate(WIDE),
        f"{era.era.english_head}{year}.{day.month}.{day.day}",
    ]
    assert [read_date(way) for way in ways] == [day] * len(ways)


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_excel_serials_are_days(day: date) -> None:
    assert read_date(str((day - date(1899, 12, 30)).days)) == day


@given(DAYS)
def test_a_month_alone_is_a_span_and_no_day(day: date) -> None:
    text = f"{day.year}年{day.month}月"
    span = read_span(text)
    assert read_date(text) is None
    assert span is not None
    assert span[0] <= day <= span[1]


@given(st.from_regex(r"[0-9]{12}", fullmatch=True))
def test_only_the_right_check_digit_makes_a_legal_entity_number(base: str) -> None:
    right = legal_entity_check_digit(base)
    read = [read_legal_entity_number(f"{digit}{base}") for digit in range(10)]
    assert [r for r in read if r] == [f"{right}{base}"] if 1 <= right <= 9 else not any(read)


@given(st.integers(1, 47), st.sampled_from(["000", "100", "101", "201", "301", "400", "566"]))
def test_a_government_code_survives_what_excel_does(prefecture: int, place: str) -> None:
    base = f"{prefecture:02}{place}"
    code = f"{base}{local_government_check_digit(base)}"
    assert read_local_government_code(code) == code
    names = {1: "北海道", 12: "千葉県", 47: "沖縄県"}
    if prefecture in names:
        assert read_local_government_code(str(int(code)), prefecture=names[prefecture]) == code
    wrong = f"{base}{(int(code[5]) + 1) % 10}"
    assert read_local_government_code(wrong) != wrong


@given(st.integers(10_000, 9_999_999))
def test_postal_codes_are_read_with_and_without_hyphen(number: int) -> None:
    digits = f"{number:07}"
    wanted = f"{digits[:3]}-{digits[3:]}"
    assert read_postal_code(digits) == read_postal_code(wanted.translate(WIDE)) == wanted


@given(
    st.lists(
        st.from_regex(r"0[1-9][0-9]-[1-9][0-9]{2}-[0-9]{4}", fullmatch=True),
        min_size=1,
        max_size=4,
        unique=True,
    )
)
def test_all_telephone_numbers_of_a_cell_are_read(numbers: list[str]) -> None:
    for separator in ("、", " / ", "\n", "　"):
        assert [p.number for p in read_phones(separator.join(numbers))] == numbers
    assert [p.digits for p in read_phones("、".join(numbers).translate(WIDE))] == [
        n.replace("-", "") for n in numbers
    ]


def test_fax_is_told_from_voice() -> None:
    found = read_phones("電話：043-245-5158（内線2345）　FAX：043-245-5159")
    assert [(p.kind, p.extension) for p in found] == [
        (PhoneKind.VOICE, "2345"),
        (PhoneKind.FAX, None),
    ]
    assert [p.kind for p in read_phones("TEL/FAX 043-245-5158")] == [PhoneKind.VOICE]


@given(st.integers(1, 40), st.integers(1, 99), st.integers(1, 99))
def test_one_address_in_many_spellings_has_one_key(chome: int, block: int, house: int) -> None:
    kanji = "〇一二三四五六七八九"
    tens = ("" if chome < 10 else ("" if chome < 20 else kanji[chome // 10]) + "十") + (
        "" if chome % 10 == 0 else kanji[chome % 10]
    )
    ways = [
        f"千葉県千葉市中央区登戸{tens}丁目{block}番{house}号",
        f"千葉市中央区登戸{chome}丁目{block}-{house}",
        f"千葉市中央区　登戸{chome}-{block}-{house}".translate(WIDE),
        f"〒260-0031 千葉県千葉市中央区登戸{chome}‐{block}‐{house}　登戸ビル2F",
    ]
    keys = {a.key for way in ways if (a := read_address(way))}
    assert len(keys) == 1


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("大字幸谷", "幸谷"),
        ("古ヶ崎", "古が崎"),
        ("登戸一丁目", "登戸１丁目"),
        ("北一条西二丁目", "北1条西2丁目"),
    ],
)
def test_town_names_are_compared_whatever_their_spelling(left: str, right: str) -> None:
    assert town_key(left) == town_key(right)


@given(st.sets(st.integers(0, 6), min_size=1), CLOCK, st.integers(15, 9 * 60))
def test_days_and_times_come_back_as_slots(days: set[int], start: int, length: int) -> None:
    end = min(start + length // 15 * 15, 24 * 60)
    names = [f"{'月火水木金土日'[d]}曜" for d in sorted(days)]
    for text in (
        f"毎週{'・'.join(names)} {_clock(start)}〜{_clock(end)}",
        f"{'、'.join(names)}　{_clock(start)}～{_clock(end)}（祝日を除く）".translate(WIDE),
    ):
        found = read_hours(text)
        assert {s.weekday for s in found.slots} == days
        assert {(s.start, s.end) for s in found.slots} == {(start, end)}


@given(st.sets(st.integers(1, 4), min_size=1), st.integers(0, 6))
def test_nth_weekdays_are_read(weeks: set[int], day: int) -> None:
    text = f"第{'・'.join(map(str, sorted(weeks)))}{'月火水木金土日'[day]}曜日 13時～16時"
    (slot,) = read_hours(text).slots
    assert (slot.weekday, slot.weeks, slot.start, slot.end) == (day, tuple(sorted(weeks)), 780, 960)


@given(JUNK)
def test_hours_never_fail_and_never_invent_times(text: str) -> None:
    found = read_hours(text)
    for slot in found.slots:
        assert 0 <= slot.weekday <= 6
        assert slot.start is None or 0 <= slot.start <= 30 * 60
        assert slot.end is None or slot.start is None or slot.start < slot.end
    if not any(c.isdigit() or c in "時午夜朝夕日終" for c in text):
        assert all(s.start is None and s.end is None for s in found.slots)


def test_what_is_no_schedule_stays_text() -> None:
    for text in ("未定", "お問い合わせください", "8月22日(土) 10時～", "春と秋に開催"):
        found = read_hours(text)
        assert found.slots == ()
        assert found.rest is not None
    assert read_hours("月1回").opening is Opening.IRREGULAR
    long = "月曜 10:00-12:00 " * 1000
    assert read_hours(long).rest == long


def test_free_times_of_a_person() -> None:
    assert {(s.weekday, s.start, s.end) for s in free_times("平日 13:00-17:00") or ()} == {
        (d, 780, 1020) for d in range(5)
    }
    assert {s.weekday for s in free_times("月水以外") or ()} == {1, 3, 4, 5, 6}
    assert free_times("特になし") is None


@given(JUNK)
def test_no_reader_fails_on_junk(text: str) -> None:
    for reader in (
        read_date,
        read_span,
        read_phones,
        read_address,
        read_ages,
        read_fee,
        read_capacity,
        read_mark,
        split_list,
        free_times,
        read_age_band,
        read_postal_code,
        read_legal_entity_number,
        read_local_government_code,
    ):
        reader(text)


@pytest.mark.parametrize(
    ("text", "minimum", "maximum"),
    [
        ("おおむね60歳以上の市民", 60, None),
        ("18歳未満", None, 17),
        ("18歳まで", None, 18),
        ("18歳以下の子どもとその保護者", None, 18),
        ("小学生", 6, 12),
        ("中高生", 12, 18),
        ("小学4年生から6年生まで", 9, 12),
        ("０歳（６か月）～就学前", 0.5, 6),
        ("満3歳から", 3, None),
        ("六十五歳以上", 65, None),
        ("40～64歳", 40, 64),
        ("概ね15歳から39歳までの若者とその家族", 15, 39),
        ("乳幼児とその保護者", 0, 6),
        ("ひとり親家庭", None, None),
        ("先着20名", None, None),
        ("要介護3以上", None, None),
    ],
)
def test_ages_of_target_groups(text: str, minimum: float | None, maximum: float | None) -> None:
    found = read_ages(text)
    assert (found.minimum, found.maximum) == (minimum, maximum)


def test_words_that_are_no_age_are_kept_for_the_vocabulary() -> None:
    found = read_ages("市内在住・在勤の障害者、ひとり親家庭（おおむね65歳以上を除く）")
    assert "障害者" in found.words
    assert "ひとり親家庭" in found.words
    assert found.residency == ("在住", "在勤")


@pytest.mark.parametrize(
    ("text", "kind", "yen"),
    [
        ("無料", CostKind.FREE, 0),
        ("1回200円", CostKind.PER_VISIT, 200),
        ("月額５００円", CostKind.PER_MONTH, 500),
        ("年会費1,000円", CostKind.PER_YEAR, 1000),
        ("実費", CostKind.ACTUAL, None),
        ("大人300円、子ども無料", CostKind.VARIES, 300),
        ("100〜300円", CostKind.VARIES, 300),
        ("参加費 200円（材料費別）", CostKind.PER_VISIT, 200),
        ("1時間800円", CostKind.VARIES, 800),
        ("0円", CostKind.FREE, 0),
    ],
)
def test_fees(text: str, kind: CostKind, yen: int | None) -> None:
    fee = read_fee(text)
    assert fee is not None
    assert (fee.kind, fee.yen) == (kind, yen)


def test_a_fee_that_names_no_sum_is_not_guessed() -> None:
    assert read_fee("有料") is None
    assert read_fee("お問い合わせください") is None


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("40代", (40, 49)),
        ("80代半ば", (83, 87)),
        ("中学生", (12, 15)),
        ("高齢", (65, 120)),
        ("未就学", (0, 6)),
        ("十代後半", (15, 19)),
    ],
)
def test_age_bands_of_a_person(text: str, band: tuple[float, float]) -> None:
    assert read_age_band(text) == band


@pytest.mark.parametrize(
    "piece", ["一", "月・", "第1・", "(", "1-", "社会福祉法人", "祝日の場合", "無料", "丁目"]
)
def test_a_very_long_cell_is_bounded(piece: str) -> None:
    """No reader looks at more of a cell than a person would write there."""
    long = piece * (1_000_000 // len(piece))
    assert read_hours(long).rest == long
    assert read_date(long) is None
    assert read_age_band(long) is None
    assert read_capacity(long) is None
    assert len(read_phones(long)) == 0
    assert len(split_list(long)) <= 1
    address = read_address(long)
    assert address is None or len(address.key) < 1000
