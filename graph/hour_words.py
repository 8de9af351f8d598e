"""Words of opening-hour texts as tokens: days, nth weeks, times, closed, holidays and the rest."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from graph.clock import SPAN, Span, plain, span_of

WEEKDAYS = "月火水木金土日"


class Word(StrEnum):
    """What a token is."""

    DAYS = "days"
    HOLIDAY = "holiday"
    NTH = "nth"
    EVERY_WEEK = "every_week"
    BIWEEKLY = "biweekly"
    NOW_AND_THEN = "now_and_then"
    TIME = "time"
    PART = "part"
    ALWAYS = "always"
    EVERY_DAY = "every_day"
    APPOINTMENT = "appointment"
    IRREGULAR = "irregular"
    MAYBE = "maybe"
    OPEN_LABEL = "open_label"
    CLOSED_LABEL = "closed_label"
    OTHER_LABEL = "other_label"
    CLOSED = "closed"
    OPEN = "open"
    EXCEPT = "except"
    NOTE = "note"
    DATED = "dated"
    FILLER = "filler"
    LIST = "list"
    LEFT = "left"
    RIGHT = "right"
    BREAK = "break"
    SPACE = "space"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Token:
    """A word, its text, and what it means: weekday numbers, nth weeks, or a span."""

    word: Word
    text: str
    numbers: tuple[int, ...] = ()
    span: Span | None = field(default=None)


_KANJI_DIGITS = dict(zip("一二三四五", range(1, 6), strict=True))
_D = "[月火水木金土日]"
_HOL = r"(?:平日の)?(?:国民の)?(?:祝祭日|祝休日|祝[・、/]?(?:祭|休)日|祝日|休祝日|祭日|(?<![定営業])休日(?![:は]))"
_JOIN = r"[\s・、,/.]*(?:及び|および|と|・|、|,|/)?[\s・、,/.]*"
_BARE_AFTER = r"(?=$|[\s()\[\]【】:・、,。/~;※\n\-×○]|\d{1,2}\s*[:時~\-]|曜|の|は|に(?!よ)|が|も|を|と|及|また|午|朝|昼|夜|夕|定休|休|祝|のみ|以外|だけ|除|第|隔|正|日没|終日)"
_BARE_BEFORE = r"(?<![0-9々一-鿿ぁ-んァ-ヶー])"
#: 連なった曜日（月火水、土日祝）、区切られた曜日、一つだけの曜日。
_DAY_RUN = rf"(?:{_D}曜日?|(?:(?<=[\s()\[\]【】:・、,。/~;\-週曜日祝目]){_D}|(?<![々一-鿿ぁ-んァ-ヶー0-9]){_D}|(?:(?<=第[1-5一二三四五])|(?<=[・,、][1-5])){_D}){_BARE_AFTER})"
_NTH_ONE = r"(?:[1-5](?![0-9時:])|[一二三四五])"
_NTH = (
    rf"第\s*{_NTH_ONE}(?:\s*(?:週目?|回目?)?[\s・、,./と&~\-]*(?:及び|および|または|又は)?[\s]*第?\s*{_NTH_ONE}"
    rf"(?!\s*(?:[0-9時年]|[日月](?!曜)|部)))*\s*(?:週目?|回目?)?の?(?!部|子)"
)
_DATE = (
    r"(?:(?:令和|平成|[RH])\s*\d{1,2}年?[./]?)?(?:\d{4}[年/.])?\d{1,2}(?:月|/)\s*\d{1,2}日?"
    rf"(?:\s*\((?:{_D}|祝|・)+\))?"
)
_MONTHS = r"(?:\d{1,2}|元)月(?:(?:上|中|下)旬|末|初め)?(?:[・、,]\d{1,2}月?)*"
_UNTIL = r"\s*(?:~|-|から|より)\s*"

_RULES: tuple[tuple[Word, str], ...] = (
    (
        Word.NOTE,
        (
            rf"(?:(?:ただし|但し|なお)、?)?(?:(?:{_D}曜日?|休館日|休業日|定休日|当日|その日|(?:{_HOL}))(?:及び|・|、|や|または|又は)?)*"
            r"(?:が|と)?(?:、)?(?:国民の)?(?:祝日?|祝祭日|祝休日|祝日・?休日|振替休日|休日)(?:又は|または|・|、|や)?(?:祝日|休日|振替休日)?"
            r"(?:(?:の|に)?(?:場合|とき|時|際)(?!間)|と重な|に当た|にあた|に重な|であ|だった)[^。()\n;【】※]*"
        ),
    ),
    (Word.NOTE, r"[^\s()。、;]{0,12}(?:翌平?日|翌開館日|直後の平日|振替)[^。()\n;【】※]*"),
    (
        Word.NOTE,
        (
            r"(?:および|及び|並びに|と|・|、)?(?:年末年始|お盆(?:期間|休み)?|盆休み?|盆|夏[季期]休[暇業み]?|冬[季期]休[暇業み]?|ゴールデンウィーク|GW|年始|年末|正月|元日|大晦日"
            r"|(?:特別)?(?:図書)?整理(?:期間|日)|蔵書点検[^、。()\s]*|臨時休[館業み]日?|設備点検日?|保守点検日?|春休み|夏休み|冬休み|学校休業日|長期休[暇業み](?:中|期間)?)(?:期間)?"
            r"(?:中?は?(?:休館日?|休業日?|休診|休み|お休み|定休))?"
        ),
    ),
    (Word.DATED, rf"{_DATE}(?:{_UNTIL}(?:翌年)?(?:{_DATE}|\d{{1,2}}日|{_MONTHS}))?"),
    (Word.DATED, rf"{_MONTHS}(?:{_UNTIL}(?:翌年)?{_MONTHS}|(?=[はの、)\s(]|に|中|以外))"),
    (
        Word.NOW_AND_THEN,
        r"毎月(?:\s*\d{1,2}日(?:[・、,]\s*\d{1,2}日)*|(?:[・、,]?\d{1,2}の(?:つく)?日))",
    ),
    (Word.DATED, rf"\d{{1,2}}日(?![前後間])(?:\s*\({_D}(?:・祝)?\))?"),
    (
        Word.NOW_AND_THEN,
        (
            r"(?:月に?|年に?|年間)\s*[0-9一二三四五]+\s*(?:[~\-]\s*[0-9]+\s*)?回(?:程度|ほど|以上|くらい)?|毎月\s*[0-9一二三]+\s*回(?:程度)?"
            r"|\d+\s*[ヵヶかカケ]月に\s*[0-9一]+\s*(?:回|度)|隔月|(?:偶数|奇数)月|毎?週に?\s*[1-6一二三四五]\s*[~\-]?[1-6]?\s*[回日]|[数]回|\d+回(?:程度)?"
        ),
    ),
    (
        Word.ALWAYS,
        r"(?:毎日|年中無休|365日|\d{3}日)?[・、\s]*24\s*(?:時間|H|h)(?:営業|対応|体制|開放|受付|利用可能?|開所|いつでも)?(?:可能?)?[・、\s]*(?:365日|年中無休)?(?:対応|体制|営業|開放)?(?:可能?)?(?:です)?",
    ),
    (Word.ALWAYS, r"終日(?:開放|利用可能?|可能?|営業|対応)?(?!利用不可|休)"),
    (
        Word.EVERY_DAY,
        r"毎日|全曜日|全日|年中無休|無休|365日(?:営業|対応|開所|開館)?|(?:定休日|休館日|休業日|休診日|休み)\s*[:は]?\s*(?:なし|無し|無|ありません)",
    ),
    (
        Word.CLOSED_LABEL,
        r"(?:定例)?(?:休館日|定休日|休業日|休診日|休園日|閉館日|閉所日|休所日|休室日|休日(?=[:は])|お?休み(?=:))(?!の|以外|も|で|に)",
    ),
    (
        Word.OTHER_LABEL,
        (
            r"(?:平日|土曜日?|休日)?(?:延長(?:保育|開所|利用|時間)?|預かり保育|一時預かり|受付(?:時間|は|終了)?|申込(?:時間|受付)?|入館(?:受付)?|入場(?:受付)?|ラストオーダー|L\.?O\.?|最終(?:入館|受付|入場)"
            r"|電話(?:受付|相談|対応|連絡)?(?:時間)?|連絡(?:受付|先)?|通報|問い?合わ?せ(?:時間)?|送迎(?:時間)?|食事(?:提供)?|(?:昼|夕|朝)食|昼休み?|休憩(?:時間)?|オペレー(?:ター|ション)[^\s:、。]*|配布(?:時間)?"
            r"|(?:駐車場|トイレ|売店|レストラン|テイクアウト|弁当)(?=\s*(?:時間|は|:|の提供|の営業))|清掃時間帯?|開門|施錠|イベント期間中|期間中|通常時)"
        ),
    ),
    (
        Word.OPEN_LABEL,
        r"(?:開館|開所|開園|開室|開設|開店|営業|診療|活動|開催|利用(?:可能)?|相談|実施|開放|開局|サービス(?:提供)?|提供|事業|保育|窓口(?:受付|開設)?|対応|通常|稼働)(?:日時|曜日|日|時間帯?|時刻)(?:は|:|及び|・)?|曜日|日時|時間(?:帯)?(?=[:は\s])",
    ),
    (
        Word.NOW_AND_THEN,
        r"第[1-5一二三四五]\s*(?:or|か|または|又は|OR)\s*第?[1-5一二三四五](?:週目?)?の?",
    ),
    (Word.EVERY_WEEK, r"毎週(?!\s*[1-6]\s*回)|毎(?=[月火水木金土日]曜)|各(?=[月火水木金土日]曜)"),
    (Word.BIWEEKLY, r"隔週(?:で|の)?|(?:2|二)週(?:間)?に(?:1|一)[回度]"),
    (Word.NTH, _NTH),
    (
        Word.NTH,
        rf"(?<![0-9:/.])[1-5](?:[・,、]\s*[1-5])*(?=\s*(?:週目?)?の?{_D}曜)|(?<![0-9])[1-5](?:[・,、][1-5])+週の?",
    ),
    (
        Word.NTH,
        r"(?:毎?月の?)?(?:最終|末)(?:週)?の?(?=\s*(?:[月火水木金土日]曜?|平日))|月末の?(?=\s*[月火水木金土日]曜)|毎月末の?(?=\s*[月火水木金土日])",
    ),
    (
        Word.NOW_AND_THEN,
        r"毎?月(?:の)?(?:末日?|初め?|初旬|中旬|下旬|上旬)(?:頃|ごろ)?|最終週|毎月(?=不定期)",
    ),
    (Word.TIME, SPAN.pattern),
    (
        Word.PART,
        r"(?:の)?(?:午前中?|午後|夜間?|夕方|夕刻|早朝|朝|昼間?|お昼|日中|深夜)(?:のみ|だけ|中)?(?:まで)?",
    ),
    (Word.HOLIDAY, _HOL),
    (Word.DAYS, r"平日|ウィークデー|ウイークデー"),
    (Word.DAYS, r"週末|土日(?=$|[^曜祝・、])"),
    (
        Word.DAYS,
        rf"(?:(?<![々一-鿿ぁ-んァ-ヶー0-9])|(?<=[週目・、曜日])){_D}(?:[・、,/]?{_D})+(?:曜日?)?(?=[祝休のはにもを~\-・、,/()\s:。;0-9午]|及|と|以|$)",
    ),
    (Word.DAYS, _DAY_RUN),
    (Word.HOLIDAY, r"祝(?=$|[\s()\[\]【】:・、,。/~;0-9日を除のはも休\-×])"),
    (
        Word.APPOINTMENT,
        r"(?:完全)?(?:要予約|予約制|事前予約(?:制|が必要)?|要(?:事前)?(?:相談|連絡|問合せ?|問い合わせ|申込)|応相談|予約(?:が)?必要|要電話|予約のみ)",
    ),
    (
        Word.MAYBE,
        r"(?:会社|事業所|施設|年間)*カレンダーに(?:よる|より|準ずる|基づく|従う)|必要に応じて?|(?:する)?場合(?:が|も|は)?(?:ある|あり|ございます|あります)|(?:する)?ことも?(?:が)?(?:ある|あり|あります)|営業日のみ|に応じて?",
    ),
    (
        Word.IRREGULAR,
        r"随時(?:対応|受付|開催|実施)?|不定期(?:開催|開所|に開催)?|不定休|不定|シフト制|曜日により異なる|日程は[^。()\s]*",
    ),
    (Word.EXCEPT, r"(?:は|を|以外)?(?:除く|除き|のぞく|除いて|除きます|除外)|以外(?:の日|は)?"),
    (
        Word.CLOSED,
        r"(?:は|が|も)?(?:お|定)?(?:休館|休業|休診|休所|休園|休室|休店|閉館|閉所|閉園|閉局|閉室|休み|休(?=[)\s、。;\n]|$)|利用不可|開放不可|解放不可|不可|中止|未提供|未実施|提供なし|行いません|実施しません|×)(?:日|です|致します|いたします|となります|とします)?",
    ),
    (
        Word.OPEN,
        r"(?:は|も|が)?(?:営業|開館|開所|開園|開室|開催|実施|対応|診療|利用可能?|開放)(?:中|可能?)?(?:します|しています|しております|しております|する|あり|です)?",
    ),
    (
        Word.FILLER,
        r"原則(?:として|、)?|基本(?:的に)?|主に|毎月(?:の)?|毎(?=第)|おおむね|概ね|約|各|まで|迄|から|より|のみ|だけ|です|となります|に(?:開催|実施)?|は|の|が|も|で|:|頃|ごろ|ころ|程度|間|間で|時間|、(?=$)|[●○◯◎◇◆■□▼▲☆★＊*#<>＜＞「」『』]|等|など|日(?=[:\s)])|曜日?|週(?=\s)",
    ),
    (Word.LIST, r"\s*(?:[・、,/&+]|及び|および|並びに|ならびに|または|又は|もしくは|と|や)\s*"),
    (Word.LIST, r"\s*(?:~|-|ー)\s*"),
    (Word.LEFT, r"\s*[(\[【]"),
    (Word.RIGHT, r"[)\]】]"),
    (Word.BREAK, r"[\n。;※]+\s*|\.(?=\s|$)"),
    (Word.SPACE, r"\s+"),
)
_SCANNERS = tuple((word, re.compile(pattern)) for word, pattern in _RULES)
_RANGE_MARK = re.compile(r"\s*(?:~|-|ー|から)\s*")


def tokens(text: str) -> list[Token]:
    """The text as tokens; what no rule knows is gathered into ``OTHER``.

    >>> [t.word.value for t in tokens('毎週火・木 10:00〜15:00（祝日を除く）')]
    ['every_week', 'days', 'time', 'left', 'holiday', 'except', 'right']
    """
    return list(_merge(_scan(plain(text))))


def _scan(text: str) -> Iterator[Token]:
    at, start = 0, 0
    while at < len(text):
        token = _at(text, at)
        if token is None:
            at += 1
            continue
        if start < at:
            yield Token(Word.OTHER, text[start:at])
        yield token
        at += len(token.text)
        start = at
    if start < len(text):
        yield Token(Word.OTHER, text[start:])


def _at(text: str, at: int) -> Token | None:
    for word, scanner in _SCANNERS:
        match = scanner.match(text, at)
        if match is None or match.end() == at:
            continue
        if word is Word.TIME:
            span = span_of(match)
            if span is None:
                continue
            return Token(word, match[0], span=span)
        if word is Word.DAYS:
            return Token(word, match[0], _weekdays(match[0]))
        if word is Word.NTH:
            return Token(word, match[0], _weeks(match[0]))
        return Token(word, match[0])
    return None


def _weekdays(text: str) -> tuple[int, ...]:
    if text.startswith(("平日", "ウ")):
        return (0, 1, 2, 3, 4)
    if text == "週末":
        return (5, 6)
    return tuple(WEEKDAYS.index(c) for c in re.sub("曜日?", "", text) if c in WEEKDAYS)


def _weeks(text: str) -> tuple[int, ...]:
    if "末" in text or "最終" in text:
        return (-1,)
    found = [
        int(c) if c.isdigit() else _KANJI_DIGITS[c] for c in re.findall(r"[1-5一二三四五]", text)
    ]
    if re.search(r"[~\-]", text) and len(found) == 2:  # noqa: PLR2004 - a range has two ends
        found = list(range(found[0], found[1] + 1))
    return tuple(dict.fromkeys(found))


def _merge(found: Iterator[Token]) -> Iterator[Token]:
    """Join 「月～金」 into one token of five days; drop blanks and list marks after their use."""
    items = [t for t in found if t.word is not Word.SPACE]
    at = 0
    while at < len(items):
        token = items[at]
        after = items[at + 1] if at + 1 < len(items) else None
        last = items[at + 2] if at + 2 < len(items) else None
        if (
            token.word is Word.DAYS
            and after
            and last
            and last.word is Word.DAYS
            and _RANGE_MARK.fullmatch(after.text)
        ):
            yield Token(
                Word.DAYS,
                token.text + after.text + last.text,
                _between(token.numbers, last.numbers),
            )
            at += 3
        else:
            if token.word is not Word.LIST:
                yield token
            at += 1


def _between(first: tuple[int, ...], last: tuple[int, ...]) -> tuple[int, ...]:
    start, end = first[-1], last[0]
    days = range(start, end + 1) if start <= end else (*range(start, 7), *range(end + 1))
    return (*first[:-1], *days, *last[1:])
