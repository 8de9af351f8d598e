"""Japanese addresses: prefecture, city, ward, town, chome, block, building, in any spelling.

Names are split by their form; which towns there are is the gazetteer's business
(:mod:`ingest.gazetteer`), so a form that can be read two ways stays in ``town``.
"""

import re
from dataclasses import dataclass

from ingest.clean.blanks import tidy
from ingest.clean.prefectures import DESIGNATED_CITIES, PREFECTURES, SPECIAL_WARDS

#: 名の途中に市・町・村・郡・区を含む市町村。素朴に切ると誤る。
_ODD_CITIES = (
    "市川市", "市原市", "四日市市", "廿日市市", "野々市市", "余市町", "十日町市", "大町市", "町田市", "村山市",
    "武蔵村山市", "東村山市", "羽村市", "村上市", "田村市", "大村市", "郡山市", "郡上市", "大和郡山市", "蒲郡市",
    "小郡市", "市川三郷町", "市川町", "上市町", "下市町", "市貝町", "玉村町", "大町町", "村田町", "中村区",
)  # fmt: skip
_CITY = re.compile(
    r"(?P<gun>(?!郡山市|郡上市|蒲郡市|小郡市|大和郡山市)[^\d市区町村郡]{1,5}郡)?"
    r"(?P<city>"
    + "|".join(_ODD_CITIES)
    + r"|[^\d市区町村]{1,6}?市(?!場|役所)|[^\d市区町村]{1,6}?[町村])"
)
_WARD = re.compile(r"(?P<ward>[^\d市町村]{1,4}?区)(?!役所|民|内)")
_NUMBERS = dict(zip("〇一二三四五六七八九", range(10), strict=True))
_KANJI = "〇一二三四五六七八九十百"
#: 丁目・番地・号・条の前の漢数字だけを数字にする（一番町、三軒茶屋は名前）。
_COUNTED = re.compile(
    rf"[{_KANJI}]+(?=丁目|番地|番(?!町)|号|条(?:[東西南北通〇一二三四五六七八九十\d]|$)|丁(?![目字町])|の\d)"
)
#: 七ー二十ー五、六の二十五の五
_KANJI_BLOCK = re.compile(rf"[{_KANJI}]+(?:[‐-―−ーの-][{_KANJI}]+)+(?![一-鿿ぁ-んァ-ヶ])")
_TAIL = r"(?:(?P<chome>\d+)丁目)?(?P<tail>(?:\d|番外|無番地|地先|先$).*|$)"
#: 札幌・旭川などの「北1条西2丁目」「東札幌2条6丁目」「3線西」は、数字までが町名。
_GRID_TOWN = re.compile(rf"(?P<town>\D*?\d+(?:条|線)(?:[東西南北]\D{{0,2}}?)?){_TAIL}")
_TOWN = re.compile(rf"(?P<town>\D*?(?:\d+条(?:[東西南北])?)?\D*?){_TAIL}")
_BLOCK = re.compile(
    r"(?P<block>\d+(?:\s*(?:丁目|番地の?|番|号|-|の|地割)\s*\d*)*(?:号(?!室|棟|館))?)(?P<building>.*)"
)
_BUILDING_CUT = re.compile(r"\s+|(?<=\d)(?=[^\d\s\-番号丁のー地先])")
_VARIANTS = str.maketrans(
    {"ヶ": "ケ", "ｹ": "ケ", "ヵ": "カ", "澤": "沢", "龍": "竜", "濱": "浜", "濵": "浜", "邊": "辺", "邉": "辺", "齋": "斎", "嶋": "島",
     "櫻": "桜", "廣": "広", "國": "国", "藏": "蔵", "瀧": "滝", "塚": "塚", "檜": "桧", "鷗": "鴎", "諫": "諌", "壺": "壷", "條": "条", "曾": "曽", "冨": "富", "舘": "館", "惠": "恵", "眞": "真", "驒": "騨", "籠": "篭", "薮": "藪", "莊": "荘", "埜": "野"}
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Parts of one address. ``numbers`` are those after the town: (1, 2, 3) of 登戸1-2-3.

    ``chome`` is set only where 丁目 is written; the first of ``numbers`` may be one too.
    """

    prefecture: str | None = None
    county: str | None = None
    city: str | None = None
    ward: str | None = None
    town: str | None = None
    chome: int | None = None
    numbers: tuple[int, ...] = ()
    building: str | None = None

    @property
    def key(self) -> str:
        """The form in which two spellings of an address are equal (without the building).

        >>> read_address('千葉市中央区登戸一丁目２番３号').key == read_address('千葉県千葉市中央区登戸1-2-3').key
        True
        """
        count = (self.chome, *self.numbers) if self.chome is not None else self.numbers
        places = (self.city, self.ward, town_key(self.town or ""))
        return "".join(p for p in places if p) + "-".join(map(str, count))


def read_address(text: str) -> Address | None:
    """Split an address; ``None`` when the text names no place.

    >>> a = read_address('千葉県千葉市中央区登戸１丁目２番３号　千葉ビル２Ｆ')
    >>> a.prefecture, a.city, a.ward, a.town, a.chome, a.numbers, a.building
    ('千葉県', '千葉市', '中央区', '登戸', 1, (2, 3), '千葉ビル2F')
    >>> a = read_address('松戸市大字幸谷字宮下６４８番地の２')
    >>> a.prefecture, a.city, a.town, a.numbers
    (None, '松戸市', '大字幸谷字宮下', (648, 2))
    >>> a = read_address('登戸1-2-3')
    >>> a.city, a.town, a.chome, a.numbers
    (None, '登戸', None, (1, 2, 3))
    >>> a = read_address('札幌市白石区東札幌２条６丁目８−２１')
    >>> a.town, a.chome, a.numbers
    ('東札幌2条', 6, (8, 21))
    >>> read_address('印旛郡酒々井町中央台4-11').county, read_address('市川市八幡1-1-1').city, read_address('')
    ('印旛郡', '市川市', None)
    """
    plain = plain_address(text)
    if not plain:
        return None
    prefecture = next((p for p in PREFECTURES if plain.startswith(p)), None)
    rest = plain[len(prefecture or "") :].strip()
    county, city, ward, rest = _city(rest, prefecture)
    town, chome, tail = _town(rest)
    numbers, building = _numbers(tail)
    return Address(
        prefecture=prefecture, county=county, city=city, ward=ward, town=town or None,
        chome=chome, numbers=numbers, building=building,
    )  # fmt: skip


def plain_address(text: str) -> str:
    """NFKC, one kind of hyphen, kanji numbers before 丁目, 番地, 号 and 条 as digits, no 〒.

    >>> plain_address('〒260-0013 千葉市中央区登戸二十一丁目３－４')
    '千葉市中央区登戸21丁目3-4'
    >>> plain_address('稲毛区小仲台七ー二十ー五'), plain_address('一番町一丁目')
    ('稲毛区小仲台7-20-5', '一番町1丁目')
    >>> plain_address('幕張本郷六の二十五の五'), plain_address('二の宮一の三')
    ('幕張本郷6-25-5', '二の宮1-3')
    """
    plain = tidy(text[:300]).translate(_VARIANTS)
    plain = re.sub(r"^〒?\s*\d{3}[-‐-―−ー]?\d{4}\s+|^〒\s*\d{3}[-‐-―−ー]?\d{4}\s*", "", plain)
    plain = re.sub(
        r"(?<=[0-9〇一二三四五六七八九十目番地号])\s*[‐-―−ーｰ~〜]+\s*(?=[0-9])", "-", plain
    )
    plain = _KANJI_BLOCK.sub(_block_digits, plain)
    plain = _COUNTED.sub(lambda m: str(kanji_number(m[0])), plain)
    # 堺市では丁目を「丁」という。
    return re.sub(r"(?<=\d)丁(?![目字町])", "丁目", plain).strip(" ,、")


def _block_digits(match: re.Match[str]) -> str:
    return "-".join(
        str(kanji_number(part)) for part in re.split(r"[^〇一二三四五六七八九十百]", match[0])
    )


def town_key(text: str) -> str:
    """The form in which town names are compared: 大字, 字 and blanks gone, ケ/が/の as one.

    >>> town_key('大字古ヶ崎') == town_key('古ケ崎') == town_key('古が崎')
    True
    >>> town_key('登戸一丁目') == town_key('登戸１丁目'), town_key('六実') == town_key('字六実')
    (True, True)
    """
    plain = plain_address(text).replace(" ", "")
    plain = re.sub(rf"[{_KANJI}]+(?=番町)", lambda m: str(kanji_number(m[0])), plain)
    plain = re.sub(r"^大字|^字|(?<=.)大字|(?<=.)(?<![八十文赤])字(?=\D)", "", plain)
    return re.sub(
        r"[ケがガヶ](?=[^一-鿿]?[一-鿿])",
        "ケ",
        re.sub(r"(?<=[一-鿿])[之ノ乃](?=[一-鿿])", "の", plain),
    )


def kanji_number(text: str) -> int:
    """A number in kanji below a thousand, positional or with 十 and 百.

    >>> kanji_number('二十一'), kanji_number('十'), kanji_number('一〇五'), kanji_number('百二')
    (21, 10, 105, 102)
    """
    if not re.search("[十百]", text):
        return int("".join(str(_NUMBERS[c]) for c in text))
    total, digit = 0, 0
    for mark in text:
        if mark in _NUMBERS:
            digit = _NUMBERS[mark]
        else:
            total += (digit or 1) * (10 if mark == "十" else 100)
            digit = 0
    return total + digit


def _city(rest: str, prefecture: str | None) -> tuple[str | None, str | None, str | None, str]:
    special = next((w for w in SPECIAL_WARDS if rest.startswith(w)), None)
    if prefecture == "東京都" and special:
        return None, None, special, rest[len(special) :].strip()
    match = _CITY.match(rest)
    designated = next((c for c in DESIGNATED_CITIES if rest.startswith(c)), None)
    if designated is None and match is None:
        ward = _WARD.match(rest)
        return (
            None,
            None,
            ward["ward"] if ward else None,
            rest[ward.end() :].strip() if ward else rest,
        )
    if designated is None and match is not None and not _plausible(match, prefecture):
        return None, None, None, rest
    county = match["gun"] if match and not designated else None
    city = designated or (match["city"] if match else "")
    rest = rest[len(county or "") + len(city) :].strip()
    if designated and (ward := _WARD.match(rest)):
        return county, city, ward["ward"], rest[ward.end() :].strip()
    return county, city, None, rest


def _plausible(match: re.Match[str], prefecture: str | None) -> bool:
    """「本町1-2」 alone is a town of an unnamed city; with 郡 or prefecture it is a municipality."""
    return match["city"].endswith("市") or bool(match["gun"]) or prefecture is not None


def _town(rest: str) -> tuple[str, int | None, str]:
    match = _GRID_TOWN.match(rest) or _TOWN.match(rest)
    if match is None:
        return rest, None, ""
    chome = int(match["chome"]) if match["chome"] else None
    return match["town"].strip(" -"), chome, match["tail"]


def _numbers(tail: str) -> tuple[tuple[int, ...], str | None]:
    match = _BLOCK.match(tail.strip(" -"))
    if match is None:
        return (), tail.strip() or None
    building = match["building"].strip(" -,、")
    block, numbers = match["block"], [int(n) for n in re.findall(r"\d+", match["block"])]
    if numbers and re.match(r"[FfＦ階棟]", building) and len(numbers) > 1:
        # 「1-2-3F」の3は階。
        building = f"{numbers.pop()}{building}"
    return tuple(n for n in numbers if n < 10**6), building or None if block else tail or None
