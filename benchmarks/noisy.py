"""Synthetic offices and copies of them as another list would spell them; the truth is known.

Names are drawn from few words, so that many offices are called alike, stand at one address or
share a telephone: what tells them apart is what tells real ones apart (numbers, kinds, 丁目).
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

SEED = 20261121
#: 同じ建物に入る別の事業所の割合。
_SIBLINGS = 0.25
_WORDS = (
    "ひまわり", "さくら", "あおぞら", "みどり", "こもれび", "ひだまり", "すずらん", "たんぽぽ", "やまびこ", "せせらぎ",
    "若葉", "松風", "千歳", "寿", "泉", "光", "希望", "友愛", "和光", "清水", "山田", "鈴木", "佐藤", "高橋", "渡辺",
    "中村", "小林", "加藤", "吉田", "山本", "青葉", "富士見", "緑", "本町", "南", "北", "西", "東", "中央", "栄",
    "アネモネ", "クローバー", "スマイル", "ハート", "ライフ", "つばさ", "のぞみ", "かがやき", "ふれあい", "やすらぎ",
)  # fmt: skip
_SECOND = ("の里", "の家", "園", "苑", "ホーム", "館", "", "", "", "の森", "ガーデン", "テラス")
_KINDS = (
    ("デイサービス{}", "通所介護"), ("{}デイサービスセンター", "通所介護"), ("{}訪問介護事業所", "訪問介護"),
    ("特別養護老人ホーム{}", "介護老人福祉施設"), ("グループホーム{}", "共同生活援助"), ("{}薬局", "薬局"),
    ("{}歯科医院", "歯科"), ("{}内科クリニック", "診療所"), ("{}保育園", "保育所"), ("{}第{n}保育園", "保育所"),
    ("{}児童クラブ", "学童"), ("就労継続支援Ｂ型事業所{}", "就労継続支援Ｂ型"), ("{}子ども食堂", "子ども食堂"), ("{}公民館", "公民館"),
    ("{}小学校", "避難所"), ("{}第{n}公園", "避難場所"), ("相談支援センター{}", "計画相談"),
)  # fmt: skip
_LEGAL = ("社会福祉法人", "株式会社", "医療法人社団", "NPO法人", "(株)", "有限会社")
_SYLLABLES = "青赤白黒金銀大小上下新古高松竹梅桜川山田野原沢崎島橋宮寺森林浜岡坂谷台町"
_HALF = str.maketrans("0123456789-", "０１２３４５６７８９－")
_KANJI = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One row. ``truth`` is the same for an office and its copy."""

    truth: int
    name: str
    kind: str
    city: str
    town: str
    block: tuple[int, ...]
    address: str
    phone: str | None
    lat: float
    lon: float


def rows(count: int) -> tuple[list[Office], list[Office]]:
    """``count`` // 2 offices and a noisy copy of each, the copies in another order."""
    draw = random.Random(SEED)
    offices = list(_offices(count // 2, draw))
    copies = [_copy(office, draw) for office in offices]
    draw.shuffle(copies)
    return offices, copies


def _offices(count: int, draw: random.Random) -> Iterator[Office]:
    towns = [_town(number, draw) for number in range(max(20, count // 60))]
    taken: set[tuple[str, str, str]] = set()
    before: Office | None = None
    while len(taken) < count:
        city, town, lat, lon = draw.choice(towns)
        pattern, kind = draw.choice(_KINDS)
        own = draw.choice(_WORDS) + draw.choice(_SECOND)
        name = pattern.format(own, n=_KANJI[draw.randint(1, 4)])
        if before is not None and draw.random() < _SIBLINGS:
            sibling = _sibling(before, draw)
            if (sibling.city, sibling.town, sibling.name) not in taken:
                taken.add((sibling.city, sibling.town, sibling.name))
                yield replace(sibling, truth=len(taken))
                continue
        if (city, town, name) in taken:
            continue
        taken.add((city, town, name))
        block = (draw.randint(1, 5), draw.randint(1, 30), draw.randint(1, 25))
        phone = f"0{draw.randint(40, 99)}-{draw.randint(200, 899)}-{draw.randint(0, 9999):04}"
        before = Office(
            truth=len(taken), name=name, kind=kind, city=city, town=town, block=block,
            address=f"{city}{town}{block[0]}丁目{block[1]}番{block[2]}号", phone=phone,
            lat=round(lat + block[0] * 0.004 + block[1] * 0.0002, 6),
            lon=round(lon + block[0] * 0.004 + block[2] * 0.0002, 6),
        )  # fmt: skip
        yield before


def _sibling(office: Office, draw: random.Random) -> Office:
    """Another service of the same house: same address and telephone, another kind or number."""
    choice = draw.random()
    if choice < 0.4 and "第" not in office.name:  # noqa: PLR2004 - 第二の施設
        return replace(office, name=f"第{_KANJI[draw.randint(2, 4)]}{office.name}")
    if choice < 0.6:  # noqa: PLR2004 - 棟ちがい
        return replace(office, name=f"{office.name}{draw.choice('ABC')}棟")
    pattern, kind = draw.choice(_KINDS)
    own = draw.choice(_WORDS) + draw.choice(_SECOND)
    return replace(office, name=pattern.format(own, n=_KANJI[draw.randint(1, 4)]), kind=kind)


def _town(number: int, draw: random.Random) -> tuple[str, str, float, float]:
    city = f"{_SYLLABLES[number % len(_SYLLABLES)]}{_SYLLABLES[number // len(_SYLLABLES) % len(_SYLLABLES)]}市"
    town = "".join(draw.sample(_SYLLABLES, 2)) + draw.choice(("", "町", "台"))
    return city, town, 33 + number % 90 * 0.08, 131 + number // 90 * 0.11


def _copy(office: Office, draw: random.Random) -> Office:
    """The office as another list has it: each fault by itself, none tells what it is."""
    copy = office
    for chance, fault in _FAULTS:
        if draw.random() < chance:
            copy = fault(copy, draw)
    return copy


def _hyphens(office: Office, draw: random.Random) -> Office:
    text = "-".join(map(str, office.block))
    if draw.random() < 0.5:  # noqa: PLR2004 - 半分は全角
        text = text.translate(_HALF)
    return replace(office, address=f"{office.city}{office.town}{text}")


def _kanji_chome(office: Office, draw: random.Random) -> Office:
    del draw
    first, *rest = office.block
    return replace(
        office,
        address=f"{office.city}{office.town}{_KANJI[first]}丁目{rest[0]}番地{rest[1]}",
    )


def _building(office: Office, draw: random.Random) -> Office:
    return replace(
        office, address=f"{office.address}　{draw.choice(_WORDS)}ビル{draw.randint(1, 9)}階"
    )


def _legal(office: Office, draw: random.Random) -> Office:
    return replace(office, name=f"{draw.choice(_LEGAL)}　{office.name}")


def _blank(office: Office, draw: random.Random) -> Office:
    at = draw.randint(1, max(1, len(office.name) - 1))
    return replace(office, name=f"{office.name[:at]}　{office.name[at:]}")


def _remark(office: Office, draw: random.Random) -> Office:
    return replace(office, name=office.name + draw.choice(("（休止中）", "（旧：分室）※", "")))


def _typo(office: Office, draw: random.Random) -> Office:
    at = draw.randrange(len(office.name))
    # 見分けの要になる字を落とした名は、人にも見分けられない。
    if office.name[at] in "第一二三四東西南北中央ABCＢ":
        return office
    return replace(office, name=office.name[:at] + office.name[at + 1 :])


def _no_phone(office: Office, draw: random.Random) -> Office:
    del draw
    return replace(office, phone=None)


def _plain_phone(office: Office, draw: random.Random) -> Office:
    del draw
    return replace(office, phone=office.phone and office.phone.replace("-", ""))


def _moved_point(office: Office, draw: random.Random) -> Office:
    lat = office.lat + draw.uniform(-0.0004, 0.0004)
    return replace(
        office, lat=round(lat, 6), lon=round(office.lon + draw.uniform(-0.0004, 0.0004), 6)
    )


_FAULTS: Sequence[tuple[float, Callable[[Office, random.Random], Office]]] = (
    (0.5, _hyphens),
    (0.2, _kanji_chome),
    (0.2, _building),
    (0.2, _legal),
    (0.25, _blank),
    (0.1, _remark),
    (0.1, _typo),
    (0.25, _no_phone),
    (0.3, _plain_phone),
    (0.9, _moved_point),
)
