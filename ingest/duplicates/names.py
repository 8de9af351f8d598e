"""Names taken apart for comparing: the core, the numbers that tell two apart, the kind words."""

import re
import unicodedata
from functools import lru_cache

from graph.text import normalise
from ingest.clean.addresses import kanji_number

_LEGAL = re.compile(
    r"(?:(?:社会福祉|(?:社会)?医療|学校|宗教)法人(?:社団|財団)?\s*[^\s()]{1,12}会\s+(?=\S)|社会福祉法人|社会医療法人(?:社団|財団)?|医療法人(?:社団|財団)?|(?:一般|公益)?(?:社団|財団)法人|特定非営利活動法人|NPO法人|学校法人|宗教法人"
    r"|独立行政法人|地方独立行政法人|国立大学法人|(?:生活)?協同組合|株式会社|有限会社|合同会社|合資会社|合名会社|企業組合|労働者協同組合"
    r"|\((?:株|有|同|福|医|社福|特非|一社|一財|公社|公財|N)\))"
)
#: サービスの名のりで、その場所に固有でない前置き・後書き。ほかに名が残るときだけ外す。
_DESCRIPTION = re.compile(
    r"(?:指定)?(?:就労継続支援|就労移行支援|就労支援|障が?い者?(?:就労支援|福祉サービス)|障害福祉サービス|福祉サービス|多機能型?|自立訓練|生活介護|地域活動支援)(?:[・･]|[AB](?:型)?|型|センター|事業所)*(?:事業所|事業)?"
    r"|(?:指定)?(?:特別(?:養護|介護)老人ホーム|介護老人福祉施設|介護老人保健施設|老人保健施設|養護老人ホーム|軽費老人ホーム|ケアハウス)(?=.)"
)
_BRACKETS = re.compile(r"[(\[【〈《「『][^)\]】〉》」』]*[)\]】〉》」』]")
_FLOOR = re.compile(r"\d+\s*(?:F|階)(?:[A-Z](?![A-Za-z]))?|\d{2,4}号室")
_KANJI = "一二三四五六七八九十百"
_COUNTER = "号館|号棟|号店|号|丁目|番館|番地|番|棟|館|組|分館|支部|地区|区|期|園|保育|幼稚|小学|中学|公園|集会|団地|事業所|ユニット"
_ORDINAL = re.compile(rf"第\s*([{_KANJI}]+|\d+)|([{_KANJI}]+)(?={_COUNTER}|$)|(\d+)")
_NUMBERED = re.compile(rf"第\s*([{_KANJI}]+)")
_ROMAN = re.compile(r"(?<![a-z])(viii|vii|vi|iv|ix|iii|ii|i|v|x)(?![a-z])")
_ROMAN_VALUES = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
}
_LETTER = re.compile(r"(?<![a-z])([a-z])(?=棟|館|型|$|[^a-z&'.])")
_PART_WORDS = (
    "分園",
    "分校",
    "分館",
    "別館",
    "本館",
    "新館",
    "支店",
    "支部",
    "支所",
    "分室",
    "サテライト",
    "出張所",
    "本店",
    "本園",
    "分院",
    "本院",
    "附属",
    "付属",
)
#: 片方の名だけにあれば別のものを指す語（東・西、本・分など）。
_APART = re.compile(
    r"(?:東|西|南|北|中央|中|小|高|大|新|本|上|下|前|後|左|右|男|女|内|外|山|川|町|駅前|主|従|主たる|従たる|[月火水木金土日]曜?日?|"
    + "|".join(normalise(w) for w in _PART_WORDS)
    + r")+"
)
#: サービスの種類を名のる語。両方にあって重ならなければ、同じ場所の別のサービス。
_KIND_WORDS = {
    "通所": "デイサービス|デイサ−ビス|通所介護|通所リハ|デイケア|デイセンター|リハビリデイ",
    "訪問介護": "ヘルパー|ホームヘルプ|訪問介護",
    "訪問看護": "訪問看護|ナースステーション",
    "訪問入浴": "訪問入浴",
    "居宅": "居宅介護支援|ケアプラン|ケアマネ",
    "短期入所": "ショートステイ|短期入所",
    "特養": "特別養護老人ホーム|特養|介護老人福祉施設",
    "老健": "老人保健施設|老健",
    "共同生活": "グループホーム|共同生活",
    "小規模": "小規模多機能",
    "定期巡回": "定期巡回|随時対応",
    "夜間": "夜間対応",
    "包括": "地域包括支援|あんしんケアセンター|高齢者いきいき安心センター",
    "薬局": "薬局|ファーマシー|調剤",
    "歯科": "歯科|デンタル|矯正",
    "医科": "内科|外科|眼科|皮膚科|小児科|耳鼻|整形|クリニック|診療所|医院|病院",
    "保育": "保育園|保育所|保育室|ナーサリー",
    "幼稚園": "幼稚園",
    "こども園": "こども園|子ども園",
    "学童": "学童|児童クラブ|子どもルーム|放課後児童|児童会",
    "放デイ": "放課後等デイ|児童発達",
    "小学校": "小学校", "中学校": "中学校", "高校": "高等学校|高校", "大学": "大学",
    "公民館": "公民館", "図書館": "図書館|図書室", "体育館": "体育館|アリーナ", "児童館": "児童館|児童センター",
    "コミセン": "コミュニティセンター|コミセン", "市民センター": "市民センター", "公園": "公園|広場", "集会所": "集会所|自治会館|町会会館",
    "就労A": "A型", "就労B": "B型",
    "相談": "相談支援|相談室|相談センター|相談所",
    "役所": "市役所|区役所|町役場|村役場", "出張所": "出張所|支所",
    "ケアハウス": "ケアハウス|軽費老人ホーム", "弁当": "弁当|配食",
    "食堂": "食堂|キッチン|カフェ", "授乳": "赤ちゃんの駅|あかちゃんえき|授乳",
}  # fmt: skip
_KINDS = tuple(
    (kind, re.compile("|".join(normalise(w) for w in words.split("|"))))
    for kind, words in _KIND_WORDS.items()
)
_NOTE = re.compile(
    r"[(\[【][^)\]】]*(?:※|休止|休業|休館|閉鎖|廃止|改修|工事|仮称|通称|旧|予定|使用不可|含む|含め|合わせ|避難|以上|のみ)[^)\]】]*[)\]】]"
)
_WING_NOTE = re.compile(r"[(\[【][^)\]】]*(?:ユニット|従来|多床)[^)\]】]*[)\]】]")
#: 名の末かかっこの中にあって、その場所のどの部分かを言う語。
_PLACE_PARTS = {
    "体育館": re.compile(r"(?:体育館|屋内運動場|アリーナ)$"),
    "グラウンド": re.compile(r"(?:グラ?ウ?ンド|(?<!屋内)運動場|校庭|園庭)$"),
    "武道場": re.compile(r"(?:武道[場館]|柔道場|剣道場)$"),
    "校舎": re.compile(r"(?:校舎|園舎)$"),
    "駐車場": re.compile(r"駐車場$"),
    "プール": re.compile(r"プール$"),
    "敷地": re.compile(r"(?:敷地内?|構内|(?<!駅)前)$"),
}
_PART_ASIDE = re.compile(
    r"\s*[(\[]\s*((?:体育館|屋内運動場|グラ?ウ?ンド|運動場|校庭|園庭|武道[場館]|柔道場|剣道場|校舎|園舎|駐車場|プール))\s*[)\]]"
)
#: 法人の名と事業所の名が続けて書かれたもの。
_CORPORATION = re.compile(
    r"(?:社会医療|医療|社会福祉|学校|宗教)法人\s*(?:社団|財団)?\s*[^\s()]{1,6}?会(?!館|議)(?=\S)"
)
_GENERIC = re.compile(
    r"デイサービス|センター|クリニック|医院|病院|診療所|歯科|内科|外科|小児科|眼科|皮膚科|保育園|保育所|幼稚園|こども園|特別養護老人ホーム|老人保健施設|訪問看護|訪問介護|ステーション|事業所|ホーム|附属|付属|総合|中央"
)
_SHORTEST_OWN = 2
#: 旭ヶ丘、旭ケ丘、旭が丘は一つの名。
_SMALL_KE = re.compile(r"(?<=[一-鿿])[ヶケが](?=[一-鿿])")
#: 「〇〇市社会福祉協議会 △△苑」の運営者。支所やセンターは、その社協の名のうち。
_COUNCIL = re.compile(
    r"^\S{0,8}?(?:社会福祉協議会|社会福祉事業団)\s*(?=\S{2,})(?!\S*(?:支所|本所|支部|センター|事務所|事業所)$)"
)
#: 日本語の文字にはさまれた空白。「〇〇会 △△園」の法人と事業所の切れ目は残す。
_INNER_BLANK = re.compile(r"(?<=[ぁ-ゖァ-ヺー一-鿿])(?<!会)\s+(?=[ぁ-ゖァ-ヺー一-鿿]|[AB]型)")
#: 設置者を言う書き出し（市立、〇〇県立）。同じ施設が、付けても付けなくても呼ばれる。
_FOUNDER = re.compile(r"^[^\s]{0,5}?[都道府県市区町村]立(?=.{4,})")
_FORMER = re.compile(r"^旧\s*|跡(?:地|施設)?$")
_PART = re.compile("室|教室|駐車場|ぷーる|ぐらうんど|体育館|校庭|校舎|広場|食堂|昼食|売店|分|別")
_WING = re.compile(r"ユニット|従来|多床|アネックス|新館|本館|別館")
_VENUE = re.compile(
    normalise("公民館")
    + "|"
    + "|".join(
        normalise(w)
        for w in (
            "社会福祉協議会",
            "社協",
            "コミュニティセンター",
            "市民センター",
            "福祉センター",
            "保健福祉センター",
            "市役所",
            "区役所",
            "役場",
            "会館",
            "プラザ",
            "学校",
            "文化センター",
            "交流センター",
            "支所",
            "団地",
        )
    )
)


@lru_cache(maxsize=65536)
def full_name(name: str) -> str:
    """The name without legal form and brackets, as a normal form; the whole name if nothing is left.

    >>> full_name('社会福祉法人ひだまり会　デイサービス　ひだまり（通所介護）')
    'でいさーびすひだまり'
    >>> full_name('㈱つなぐ') == full_name('株式会社つなぐ')
    True
    """
    return normalise(_own(name)) or normalise(name)


@lru_cache(maxsize=65536)
def core_name(name: str) -> str:
    """What is its own in a name: also the service it names itself is left out, if a name remains.

    >>> core_name('就労継続支援Ａ型事業所　あかり'), core_name('特別養護老人ホーム東松戸ヒルズ（従来型）')
    ('あかり', '東松戸ひるず')
    >>> core_name('秋田県立みほん高等学校'), core_name('西小学校（体育館）')
    ('みほん高等学校', '西小学校体育館')
    >>> core_name('就労支援センター')
    '就労支援せんたー'
    """
    return normalise(_DESCRIPTION.sub("", _FOUNDER.sub("", _own(name)))) or full_name(name)


def _own(name: str) -> str:
    plain = _LEGAL.sub("", _joined_parts(_without_corporation(_tight(name))))
    plain = _SMALL_KE.sub("ケ", plain)
    plain = _COUNCIL.sub("", _BRACKETS.sub("", plain).strip())
    return _NUMBERED.sub(lambda m: f"第{kanji_number(m[1])}", plain)


def _tight(name: str) -> str:
    """NFKC without blanks inside of Japanese words (「就労継　続支援」); those after 法人 stay."""
    return _INNER_BLANK.sub("", unicodedata.normalize("NFKC", name))


def _joined_parts(plain: str) -> str:
    """「小学校（体育館）」 is 「小学校体育館」: a part of a place is no remark."""
    return _PART_ASIDE.sub(lambda m: m[1], plain)


def _without_corporation(plain: str) -> str:
    """「医療法人社団弘誠会サンシャイン歯科」 without its corporation, if a name of its own is left.

    >>> _without_corporation('医療法人社団弘誠会サンシャイン歯科'), _without_corporation('医療法人愛生会病院')
    ('サンシャイン歯科', '医療法人愛生会病院')
    """
    match = _CORPORATION.match(plain)
    if match is None:
        return plain
    rest = plain[match.end() :].strip()
    own = _GENERIC.sub("", rest)
    return rest if len(own) >= _SHORTEST_OWN else plain


@lru_cache(maxsize=65536)
def place_parts(name: str) -> frozenset[str]:
    """Which part of a place a name is about: 体育館, グラウンド (校庭, 運動場) …

    >>> place_parts('西小学校（校庭）') == place_parts('西小学校グランド'), sorted(place_parts('西小学校'))
    (True, [])
    """
    plain = _part_name(name)
    found = (kind for kind, pattern in _PLACE_PARTS.items() if pattern.search(plain))
    return frozenset(found)


@lru_cache(maxsize=65536)
def name_numbers(name: str) -> frozenset[str]:
    """Numbers and single letters that tell two names apart; floors and rooms are left out.

    >>> name_numbers('高洲第二保育所') == name_numbers('高洲第2保育所'), name_numbers('千葉ビル2F')
    (True, frozenset())
    >>> sorted(name_numbers('ひまわりⅡ')), sorted(name_numbers('松戸3丁目集会所 B棟'))
    (['2'], ['3', 'b'])
    >>> name_numbers('三和病院'), sorted(name_numbers('二番館'))
    (frozenset(), ['2'])
    """
    plain = _NOTE.sub(" ", _tight(name))
    plain = _DESCRIPTION.sub(" ", plain)
    plain = _FLOOR.sub(" ", plain).casefold()
    found = set[str]()
    for match in _ORDINAL.finditer(plain):
        digits = match[1] or match[2] or match[3]
        found.add(str(int(digits) if digits.isdigit() else kanji_number(digits)))
    found.update(str(_ROMAN_VALUES[m[1]]) for m in _ROMAN.finditer(plain))
    found.update(m[1] for m in _LETTER.finditer(plain) if m[1] not in _ROMAN_VALUES)
    return frozenset(found)


@lru_cache(maxsize=65536)
def kind_words(full: str) -> frozenset[str]:
    """Kinds of service a normal-form name names itself.

    >>> sorted(kind_words(full_name('ひだまりデイサービス'))), kind_words(full_name('ひだまり'))
    (['通所'], frozenset())
    """
    return frozenset(kind for kind, pattern in _KINDS if pattern.search(full))


def is_venue(core: str) -> bool:
    """Whether the name is that of a house many groups use (公民館, 社協 …)."""
    return _VENUE.search(core) is not None


@lru_cache(maxsize=65536)
def asides(name: str) -> frozenset[str]:
    """What stands in brackets, as normal forms; notes such as （休止中） and wings are left out.

    >>> sorted(asides('ぽかぽか広場（山口公民館）')), asides('岩部医院（休止中）')
    (['山口公民館'], frozenset())
    """
    plain = _joined_parts(unicodedata.normalize("NFKC", name))
    plain = _WING_NOTE.sub("", _NOTE.sub("", _LEGAL.sub("", plain)))
    return frozenset(normalise(found[1:-1]) for found in _BRACKETS.findall(plain)) - {""}


@lru_cache(maxsize=65536)
def whole_place(name: str) -> str:
    """The core of the place that a name is about a part of; the core itself for a whole place.

    >>> whole_place('西小学校（体育館）'), whole_place('西小学校')
    ('西小学校', '西小学校')
    """
    plain = _part_name(name)
    for pattern in _PLACE_PARTS.values():
        plain = pattern.sub("", plain) or plain
    return core_name(plain)


def _part_name(name: str) -> str:
    return _BRACKETS.sub("", _joined_parts(unicodedata.normalize("NFKC", name))).strip()


def is_former(name: str) -> bool:
    """Whether a name says that the place is no longer what it was (旧〇〇小学校, 〇〇跡施設)."""
    return _FORMER.search(unicodedata.normalize("NFKC", name)) is not None


def is_part(aside: str) -> bool:
    """Whether words in brackets name a room, class or group inside of a place.

    >>> is_part('地域交流せんたー図書室'), is_part('しーがるどーむ')
    (True, False)
    """
    return _PART.search(aside) is not None


@lru_cache(maxsize=65536)
def wings(name: str) -> frozenset[str]:
    """ユニット型, 従来型, 新館 …: one house that is registered in parts.

    >>> sorted(wings('特養あかり（ユニット型）')), wings('特養あかり')
    (['ユニット'], frozenset())
    """
    return frozenset(_WING.findall(unicodedata.normalize("NFKC", name)))


def told_apart(left: str, right: str) -> str | None:
    """The word by which two normal-form names differ, when it is one that tells places apart.

    >>> told_apart(core_name('稲毛東保育園'), core_name('稲毛保育園'))
    '東'
    >>> told_apart(core_name('みどり保育園'), core_name('みどり保育園分園')), told_apart('ひだまり', 'ひだまりの家')
    ('分園', None)
    """
    parts = [p for p in difference(left, right) if p]
    if parts and all(_APART.fullmatch(p) for p in parts):
        return "・".join(parts)
    return None


def other_letters(left: str, right: str) -> str | None:
    """Latin letters that only one of two names has, where nothing else differs.

    >>> other_letters('福山pw工場', '福山工場'), other_letters('みどり', 'みどりの家')
    ('pw', None)
    """
    parts = [p for p in difference(left, right) if p]
    return parts[0] if len(parts) == 1 and re.fullmatch("[a-z]+", parts[0]) else None


def difference(left: str, right: str) -> tuple[str, str]:
    """What stands between the common beginning and the common end of two names.

    >>> difference('保育園すくすく', '保育園わくわく'), difference('みどり', 'みどりの家')
    (('すくす', 'わくわ'), ('', 'の家'))
    """
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    end = 0
    while end < min(len(left), len(right)) - start and left[-1 - end] == right[-1 - end]:
        end += 1
    return left[start : len(left) - end], right[start : len(right) - end]
