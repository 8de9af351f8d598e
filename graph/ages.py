"""Ages a person is said to have: 40代, 80代半ば, 中学生, 未就学, 高齢 → a range of years.

The school stages are those of the 学校教育法: a child enters school in the April after turning six.
"""

import re
import unicodedata

#: 語 → 含まれる年齢の下限と上限（歳）。上の語から順に照らす。
STAGES: tuple[tuple[str, float, float], ...] = (
    ("新生児", 0, 0.08),
    ("乳幼児", 0, 6),
    ("乳児", 0, 1),
    ("赤ちゃん", 0, 2),
    ("小中高生", 6, 18),
    ("小中学生", 6, 15),
    ("中高生", 12, 18),
    ("未就園児", 0, 4),
    ("未就園", 0, 4),
    ("未就学児", 0, 6),
    ("未就学", 0, 6),
    ("就学前", 0, 6),
    ("幼稚園児", 3, 6),
    ("園児", 0, 6),
    ("年少", 3, 4),
    ("年中", 4, 5),
    ("年長", 5, 6),
    ("幼児", 1, 6),
    ("小学校低学年", 6, 9),
    ("小学生低学年", 6, 9),
    ("小学校高学年", 9, 12),
    ("小学生高学年", 9, 12),
    ("小学生", 6, 12),
    ("学童", 6, 12),
    ("児童生徒", 6, 18),
    ("中学生", 12, 15),
    ("高校生", 15, 18),
    ("高等学校", 15, 18),
    ("高専生", 15, 20),
    ("大学生", 18, 23),
    ("専門学校生", 18, 22),
    ("浪人", 18, 20),
    ("10代前半", 10, 14),
    ("10代後半", 15, 19),
    ("後期高齢", 75, 120),
    ("前期高齢", 65, 74),
    ("超高齢", 85, 120),
    ("高齢", 65, 120),
    ("シニア", 60, 120),
    ("お年寄り", 65, 120),
    ("老年", 65, 120),
    ("中高年", 40, 64),
    ("中年", 40, 64),
    ("壮年", 40, 64),
    ("働き盛り", 30, 59),
    ("現役世代", 18, 64),
    ("稼働年齢", 18, 64),
    ("若年", 15, 39),
    ("若者", 15, 39),
    ("青年", 18, 39),
    ("青少年", 10, 24),
    ("未成年", 0, 17),
    ("成人", 18, 120),
    ("大人", 18, 120),
    ("児童", 0, 17),
    ("子ども", 0, 17),
    ("子供", 0, 17),
    ("こども", 0, 17),
)
_GRADE_START = {"小": 6, "中": 12, "高": 15, "大": 18}
_GRADE = re.compile(r"(?P<s>小|中|高|大)(?:学校?|校)?(?P<g>[1-6])(?:年生?|年次)?(?![0-9代歳才])")
_DECADE = re.compile(
    r"(?P<d>[1-9]0|1[0-1]0)\s*(?:歳|才)?代(?P<p>前半|半ば|なかば|中頃|中ごろ|後半)?"
)
_DECADES = re.compile(
    r"(?P<a>[1-9]0)\s*(?:歳|才)?代?\s*[~\-・から]+\s*(?P<b>[1-9]0|100)\s*(?:歳|才)?代"
)
_YEARS = re.compile(r"(?P<a>\d{1,3})\s*(?:歳|才)?\s*[~\-から]+\s*(?P<b>\d{1,3})\s*(?:歳|才)")
_ONE = re.compile(
    r"(?P<a>\d{1,3})\s*(?:歳|才)?\s*(?P<w>か月|ヶ月|カ月|ヵ月|ケ月|以上|以下|未満|前後|くらい|ぐらい|位|前半|後半|過ぎ)?"
)
_PARTS = {
    "前半": (0, 4),
    "半ば": (3, 7),
    "なかば": (3, 7),
    "中頃": (3, 7),
    "中ごろ": (3, 7),
    "後半": (5, 9),
}
_KANJI = str.maketrans("〇一二三四五六七八九", "0123456789")
_OLDEST = 120.0
_LONGEST = 200
_ABOUT = frozenset({"前後", "くらい", "ぐらい", "位"})


def read_age_band(text: str) -> tuple[float, float] | None:
    """The ages (years, both ends included) a word for a person's age may mean, or ``None``.

    >>> read_age_band('40代'), read_age_band('８０代半ば'), read_age_band('中学生')
    ((40.0, 49.0), (83.0, 87.0), (12.0, 15.0))
    >>> read_age_band('高齢'), read_age_band('未就学'), read_age_band('小3'), read_age_band('六十代')
    ((65.0, 120.0), (0.0, 6.0), (8.0, 9.0), (60.0, 69.0))
    >>> read_age_band('65歳以上'), read_age_band('72歳'), read_age_band('不明')
    ((65.0, 120.0), (72.0, 72.0), None)
    """
    plain = unicodedata.normalize("NFKC", text[:_LONGEST]).translate(
        str.maketrans("〜～―‐−", "~~---")
    )
    plain = re.sub(r"\s", "", kanji_digits(plain))
    if match := _DECADES.search(plain):
        return float(match["a"]), float(match["b"]) + 9
    if match := _DECADE.search(plain):
        low, high = _PARTS.get(match["p"] or "", (0, 9))
        return float(match["d"]) + low, float(match["d"]) + high
    if match := _GRADE.search(plain):
        start = _GRADE_START[match["s"]] + int(match["g"]) - 1
        return float(start), float(start + 1)
    if match := _YEARS.search(plain):
        return _ordered(float(match["a"]), float(match["b"]))
    return _one_age(plain) or _stage(plain)


def kanji_digits(text: str) -> str:
    """Kanji numbers below a hundred before 代, 歳 and 才 as digits.

    >>> kanji_digits('六十五歳以上'), kanji_digits('八〇代'), kanji_digits('十八才'), kanji_digits('一人')
    ('65歳以上', '80代', '18才', '一人')
    """
    return re.sub(
        r"[〇一二三四五六七八九十百]+(?=(?:歳|才|代|[~\-から]+[〇一二三四五六七八九十]+[歳才代]))",
        _number,
        text,
    )


def _number(match: re.Match[str]) -> str:
    text = match[0]
    if "百" in text or text.count("十") > 1:
        return text
    if "十" not in text:
        return text.translate(_KANJI)
    tens, ones = text.split("十")
    return str(int(tens.translate(_KANJI) or 1) * 10 + int(ones.translate(_KANJI) or 0))


def _one_age(text: str) -> tuple[float, float] | None:
    match = _ONE.fullmatch(text) or re.search(
        _ONE.pattern.replace("(?:歳|才)?", "(?:歳|才)", 1), text
    )
    if match is None or float(match["a"]) > _OLDEST:
        return None
    age, word = float(match["a"]), match["w"] or ""
    if word.endswith("月"):
        age /= 12
    return {
        "以上": (age, _OLDEST),
        "以下": (0.0, age),
        "未満": (0.0, max(0.0, age - 1)),
    }.get(word, (max(0.0, age - 2), age + 2) if word in _ABOUT else (age, age))


def _stage(text: str) -> tuple[float, float] | None:
    for word, low, high in STAGES:
        if word in text:
            return float(low), float(high)
    return None


def _ordered(first: float, second: float) -> tuple[float, float] | None:
    return (first, second) if first <= second <= _OLDEST else None
