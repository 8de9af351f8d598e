"""対象者 texts: ages, residency, and the words that remain for the vocabulary.

Ages are completed years (満年齢), both ends included: 18歳未満 → up to 17. Months are parts of a
year. School stages follow the 学校教育法 (小学生 6–12, 中学生 12–15, 高校生 15–18).
"""

import re
from dataclasses import dataclass

from graph.ages import kanji_digits
from ingest.clean.blanks import tidy


@dataclass(frozen=True, slots=True, kw_only=True)
class Ages:
    """Who may come, as far as a text says.

    ``minimum``/``maximum``: completed years, ``None`` = no limit is named. ``about`` = おおむね.
    ``words``: what is left, for the vocabulary (ひとり親家庭, 障害者). ``residency``: 在住, 在勤 …
    with the place as written in ``places``. ``anyone`` = どなたでも.
    """

    minimum: float | None = None
    maximum: float | None = None
    about: bool = False
    anyone: bool = False
    words: tuple[str, ...] = ()
    residency: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    @property
    def named(self) -> bool:
        """Whether any age is named."""
        return self.minimum is not None or self.maximum is not None


#: 語 → 下限と上限。None は、その語が片側しか決めないこと。
_STAGES: tuple[tuple[str, float, float], ...] = (
    (r"小(?:・|,)?中(?:・|,)?高(?:校|等?学校)?生?", 6, 18),
    (r"小(?:学生)?(?:・|,)?中学生?|小中学生|小・?中学校", 6, 15),
    (r"中(?:学生)?(?:・|,)?高(?:校)?生|中高生", 12, 18),
    (r"小学校?生?低学年", 6, 9),
    (r"小学校?生?高学年", 9, 12),
    (r"小学生|小学校児童|学齢児童|学童(?!保育|クラブ)", 6, 12),
    (r"中学生|生徒(?!・)", 12, 15),
    (r"高校生(?:世代|年代)?", 15, 18),
    (r"新生児", 0, 0),
    (r"乳幼児|未就学児?|就学前(?:の?(?:児童?|子ども|お子さん|乳幼児))?|小学校就学前", 0, 6),
    (r"未就園児?", 0, 5),
    (r"乳児", 0, 1),
    (r"幼児(?!教育)|園児", 1, 6),
)
_STAGE = re.compile("|".join(f"(?P<s{i}>{p})" for i, (p, _, _) in enumerate(_STAGES)))
_GRADES = {"小": 6, "中": 12, "高": 15}
_GRADE = r"(?P<{0}s>小|中|高)(?:学校?|校)?\s*(?P<{0}g>[1-6])\s*年?生?"
_AGE = r"(?P<{0}y>\d{{1,3}})\s*(?:歳|才)?\s*\(?(?:(?P<{0}m>\d{{1,2}})\s*[かヶケカヵ]月)?\)?"
_MONTHS = r"生後\s*(?P<{0}mm>\d{{1,2}})\s*[かヶケカヵ]月|(?P<{0}dd>\d{{1,3}})日目?"
_ABOUT = r"(?:おおむね|概ね|およそ|約|だいたい|原則(?:として)?|満|主に)*\s*"
_POINT = rf"{_ABOUT}(?:{_AGE}|{_MONTHS}|{_GRADE})(?:児)?(?:頃|くらい|ぐらい|程度)?"
_RANGE = re.compile(
    _POINT.replace("{0}", "a").replace("{{", "{").replace("}}", "}")
    + r"\s*(?:以上|から|より|~|-|、|・)+\s*"
    + f"(?:{_POINT.replace('{0}', 'b').replace('{{', '{').replace('}}', '}')}|(?P<bw>[^\\d\\s、。()]{{2,8}}))"
    + r"\s*(?P<bt>未満|以下|まで|以内|の)?"
)
_ONE = re.compile(
    _POINT.replace("{0}", "a").replace("{{", "{").replace("}}", "}")
    + r"\s*(?P<t>以上|以下|未満|まで|以降|から|~|を超える|になる|に達する|以内|の|に限る)?"
)
_STAGE_RANGE = re.compile(
    r"(?P<a>乳児|幼児|小学生|中学生|高校生|未就学児|就学前)\s*(?:から|~|-)\s*(?P<b>小学生|中学生|高校生|大人|一般|高齢者)(?:まで)?"
)
_STAGE_LIMIT = re.compile(rf"(?P<w>{_STAGE.pattern})\s*(?P<t>以上|以下|以降|まで|から)")
_ANYONE = re.compile(
    r"(?:どなた|誰|だれ)(?:でも)?(?:利用|参加)?(?:可能?|でも)|制限(?:は)?(?:なし|無し)|年齢(?:は)?(?:不問|制限なし|を問わず)|不問|問わない|限定なし"
)
_PLACE = re.compile(
    r"(?P<p>市内?外?|区内|町内|村内|県内|圏域内?|[一-鿿ァ-ヶー0-9々]{1,8}?(?:市|区|町|村|小学校区|中学校区|学区|圏域|地区|地域)(?:内)?)(?:に|の)?"
    r"(?P<r>(?:(?:在住|在勤|在学|居住|お?住まい|住民登録|通学|通勤|住所を有する)(?:・|、|又は|または|及び|もしくは|か|,)?)+)(?:する|の|している|者|方)*"
)
_CITIZEN = re.compile(r"(?<![一-鿿])(?P<c>市民|区民|町民|村民|県民|住民)(?:の方|の皆さん)?")
_KINDS = ("在住", "在勤", "在学")
_STANDS_FOR = {
    "居住": "在住",
    "住まい": "在住",
    "住民登録": "在住",
    "住所を有する": "在住",
    "通学": "在学",
    "通勤": "在勤",
}
_SPLIT = re.compile(
    r"[・、,，;；。/\n()「」\s]|および|及び|並びに|または|又は|もしくは|かつ|とその|や(?=[一-鿿])|で(?=[一-鿿])"
)
_EMPTY = re.compile(
    r"(?:対象者?|の|方|者|人|で|に|を|が|は|も|と|など|等|限る|のみ|限定|する|ある|原則|主に|おおむね|概ね|歳|才|以上|以下|お持ちの|皆さん|:)*"
)
_TAIL = re.compile(
    r"(?:の方々?|の人|の者|である方|である者|の皆さん|の世帯|など|等|のみ|に限る|が対象|を対象|対象)+$"
)
_HEAD = re.compile(r"^(?:の|に|で|は|が|を|と|も|主に|対象者?[はが:]?)+")
#: 「小学4年生から6年生」の6年生も小学校。
_SHARED_STAGE = re.compile(
    r"(?P<s>小|中|高)(?:学校?|校)?\s*(?P<a>[1-6])\s*年?生?\s*(?:から|~|-|・)\s*(?P<b>[1-6])\s*年生?"
)
_MAX_AGE = 120
_MAX_TEXT = 2000
_MAX_CELL = 60


def read_ages(text: str) -> Ages:
    """Ages, residency and remaining words of a 対象者 text.

    >>> a = read_ages('おおむね60歳以上の市民')
    >>> a.minimum, a.maximum, a.about, a.residency, a.words
    (60.0, None, True, ('在住',), ())
    >>> read_ages('市内在住・在勤のひとり親家庭').words, read_ages('市内在住・在勤').residency
    (('ひとり親家庭',), ('在住', '在勤'))
    >>> [(a.minimum, a.maximum) for a in map(read_ages, ['18歳未満', '18歳まで', '0歳(6か月)〜就学前', '小学生', '中高生', '65〜74歳'])]
    [(None, 17.0), (None, 18.0), (0.5, 6.0), (6.0, 12.0), (12.0, 18.0), (65.0, 74.0)]
    >>> read_ages('どなたでも').anyone, read_ages('障害のある方、ひきこもり').words
    (True, ('障害のある方', 'ひきこもり'))
    """
    plain = kanji_digits(re.sub(r"[〜～‐-―−]", "~", tidy(text[:_MAX_TEXT])))
    plain = _SHARED_STAGE.sub(r"\g<s>\g<a>年生~\g<s>\g<b>年生", plain)
    left, low, high = _take_ages(plain)
    anyone = _ANYONE.search(left) is not None
    left, residency, places = _take_places(_ANYONE.sub(" ", left))
    return Ages(
        minimum=low,
        maximum=high,
        about=low is not None
        and bool(re.search(r"おおむね|概ね|およそ|約|原則|程度|くらい", plain)),
        anyone=anyone,
        words=tuple(dict.fromkeys(_words(left))),
        residency=residency,
        places=places,
    )


def read_age_limit(text: str) -> float | None:
    """One cell of 対象年齢下限/上限: years, 歳 and months; ``None`` when it is no single age.

    >>> read_age_limit('60'), read_age_limit('６０歳'), read_age_limit('0歳6か月'), read_age_limit('65.0')
    (60.0, 60.0, 0.5, 65.0)
    >>> read_age_limit('なし'), read_age_limit('200')
    (None, None)
    """
    plain = kanji_digits(tidy(text[:_MAX_CELL]))
    if match := re.fullmatch(r"満?(\d{1,3}(?:\.\d+)?)\s*(?:歳|才)?(?:以上|以下|まで)?", plain):
        age = float(match[1])
    elif match := re.fullmatch(
        r"(?:(\d{1,2})\s*(?:歳|才))?\s*(?:生後)?\s*(\d{1,2})\s*[かヶケカヵ]月(?:以上|以下|まで)?",
        plain,
    ):
        age = int(match[1] or 0) + int(match[2]) / 12
    else:
        return None
    return age if age <= _MAX_AGE else None


def _take_ages(text: str) -> tuple[str, float | None, float | None]:
    lows, highs, left = list[float | None](), list[float | None](), text
    for pattern, reader in _READERS:
        for match in list(pattern.finditer(left)):
            found = reader(match)
            if found is None:
                continue
            lows.append(found[0])
            highs.append(found[1])
            left = left.replace(match[0], " ", 1)
    if not lows:
        return text, None, None
    low = None if None in lows else min(x for x in lows if x is not None)
    high = None if None in highs else max(x for x in highs if x is not None)
    return left, low, high


def _ages_range(match: re.Match[str]) -> tuple[float | None, float | None] | None:
    low = _point(match, "a")
    if low is None or not _is_age(match, "a", also=_is_age(match, "b") or bool(match["bw"])):
        return None
    if match["bw"]:
        stage = _STAGE.match(match["bw"])
        return (low[0], _stage(stage)[1]) if stage else None
    high = _point(match, "b")
    if high is None or not (_is_age(match, "b") or _is_age(match, "a")):
        return None
    top = high[1] - 1 if match["bt"] == "未満" and high[1] >= 1 else high[1]
    return (low[0], top) if low[0] <= top <= _MAX_AGE else None


def _one_age(match: re.Match[str]) -> tuple[float | None, float | None] | None:
    point = _point(match, "a")
    if point is None or not _is_age(match, "a") or point[0] > _MAX_AGE:
        return None
    match match["t"]:
        case "以上" | "以降" | "から" | "~" | "になる" | "に達する":
            return point[0], None
        case "を超える":
            return point[0] + 1, None
        case "未満":
            return None, (point[0] - 1 if point[0] >= 1 else point[0])
        case "以下" | "まで" | "以内":
            return None, point[1]
        case _:
            return point


def _stage_range(match: re.Match[str]) -> tuple[float | None, float | None] | None:
    first, last = _STAGE.match(match["a"]), _STAGE.match(match["b"])
    if first is None:
        return None
    return _stage(first)[0], _stage(last)[1] if last else None


def _stage_limit(match: re.Match[str]) -> tuple[float | None, float | None] | None:
    stage = _STAGE.match(match["w"])
    if stage is None:
        return None
    low, high = _stage(stage)
    return (None, high) if match["t"] in {"以下", "まで"} else (low, None)


def _one_stage(match: re.Match[str]) -> tuple[float | None, float | None] | None:
    return _stage(match)


def _stage(match: re.Match[str]) -> tuple[float, float]:
    index = next(i for i in range(len(_STAGES)) if match.group(f"s{i}"))
    return float(_STAGES[index][1]), float(_STAGES[index][2])


def _point(match: re.Match[str], side: str) -> tuple[float, float] | None:
    if match[f"{side}s"]:
        start = _GRADES[match[f"{side}s"]] + int(match[f"{side}g"]) - 1
        return float(start), float(start + 1)
    if match[f"{side}mm"]:
        age = int(match[f"{side}mm"]) / 12
        return age, age
    if match[f"{side}dd"]:
        age = int(match[f"{side}dd"]) / 365
        return age, age
    if match[f"{side}y"]:
        age = int(match[f"{side}y"]) + int(match[f"{side}m"] or 0) / 12
        return age, age
    return None


def _is_age(match: re.Match[str], side: str, *, also: bool = False) -> bool:
    """Whether a number is an age at all: 歳, 才, months or a school year stand with it."""
    if match[f"{side}s"] or match[f"{side}mm"] or match[f"{side}m"]:
        return True
    if match[f"{side}dd"]:
        return "生後" in match.string
    start = match.start(f"{side}y")
    if start < 0:
        return False
    return also or re.match(r"\d+\s*(?:歳|才)", match.string[start:]) is not None


def _take_places(text: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    kinds, places = dict[str, None](), dict[str, None]()
    for match in _PLACE.finditer(text):
        places[match["p"]] = None
        kinds.update(dict.fromkeys(k for k in _KINDS if k in match["r"]))
        kinds.update(dict.fromkeys(v for k, v in _STANDS_FOR.items() if k in match["r"]))
    for match in _CITIZEN.finditer(text):
        places[match["c"]] = None
        kinds["在住"] = None
    left = _CITIZEN.sub(" ", _PLACE.sub(" ", text))
    return left, tuple(kinds), tuple(places)


def _words(text: str) -> list[str]:
    parts = (
        _TAIL.sub("", _HEAD.sub("", p.strip())) if "のある" not in p else _HEAD.sub("", p.strip())
        for p in _SPLIT.split(text)
    )
    return [p for p in parts if len(p) > 1 and not _EMPTY.fullmatch(p)]


_READERS = (
    (_RANGE, _ages_range),
    (_STAGE_RANGE, _stage_range),
    (_STAGE_LIMIT, _stage_limit),
    (_ONE, _one_age),
    (_STAGE, _one_stage),
)
