"""Cells with a closed set of answers: 空き, 公開区分, 紹介, 状態."""

import re
from typing import TypeVar

from graph.model.resource import Publication, Referral, Status, Vacancy
from ingest.clean.blanks import tidy

_T = TypeVar("_T")
_VACANCY: tuple[tuple[Vacancy, str], ...] = (
    (Vacancy.WAITLIST, r"待機|待ち|キャンセル待|順番"),
    (Vacancy.ASK, r"要相談|応相談|相談|要問|問い?合わ?せ|要確認|要連絡|△"),
    (
        Vacancy.NONE,
        r"空きなし|空き無|空なし|満員|満床|満室|定員に達|なし|無し?|×|ありません|不可|受入停止",
    ),
    (Vacancy.AVAILABLE, r"空きあり|空き有|空有|余裕|募集中|受入可|受入れ可|あり|有り?|○|◯|〇|◎|可"),
)
_PUBLICATION: tuple[tuple[Publication, str], ...] = (
    (
        Publication.CONFIDENTIAL_LOCATION,
        r"所在地?非公開|住所非公開|場所(?:は)?非公開|所在(?:地)?(?:は)?秘匿|confidential.*",
    ),
    (
        Publication.RESTRICTED,
        r"関係者(?:限り|のみ|限定)?|庁内(?:限り|のみ|限定)?|内部(?:限り|のみ)?|非公開|限定公開|部外秘|restricted",
    ),
    (Publication.PUBLIC, r"公開(?:可|する)?|一般公開|公表(?:可)?|public"),
)
_REFERRAL: tuple[tuple[Referral, str], ...] = (
    (
        Referral.REQUIRED,
        r"紹介(?:状)?(?:が)?(?:必要|必須)|要紹介(?:状)?|紹介制|(?:関係)?機関(?:から)?の?紹介(?:のみ|が必要)?|紹介のみ",
    ),
    (
        Referral.SELF,
        r"本人(?:のみ)?(?:可|申込(?:可|み)?|から(?:可)?)?|紹介(?:状)?不要|直接(?:申込|利用)?(?:可)?|自由(?:参加)?|どなたでも|だれでも|誰でも",
    ),
)
_STATUS: tuple[tuple[Status, str], ...] = (
    (Status.CLOSED, r"廃止|閉鎖|閉所|閉館済み?|閉店|終了|解散|closed"),
    (Status.SUSPENDED, r"休止中?|休業中|休館中|一時休止|中断|停止中|閉館中|suspended"),
    (Status.OPEN, r"営業中?|開館中|活動中|稼働中|運営中|実施中|開設|open|現存"),
)


def read_vacancy(text: str) -> Vacancy | None:
    """空き.

    >>> [read_vacancy(t) and read_vacancy(t).value for t in ('空きあり', 'なし', '待機', '要相談', '3名')]
    ['capacity', 'no-capacity', 'waitlist', 'additional-assessment-required', 'capacity']
    >>> read_vacancy('0名'), read_vacancy('不明'), read_vacancy('空き状況')
    (<Vacancy.NONE: 'no-capacity'>, None, None)
    """
    plain = tidy(text).removeprefix("空き:")
    if match := re.fullmatch(
        r"(?:空き|残り|あと)?\s*(\d{1,4})(?:\.0)?\s*(?:名|人|床|室|席|枠)?", plain
    ):
        return Vacancy.AVAILABLE if int(match[1]) else Vacancy.NONE
    for vacancy, pattern in _VACANCY:
        if re.search(rf"^(?:空き?(?:は|が)?|現在)?\s*(?:{pattern})", plain) or (
            vacancy is Vacancy.WAITLIST and re.search(pattern, plain)
        ):
            return vacancy
    return None


def read_publication(text: str) -> Publication | None:
    """公開区分.

    >>> [read_publication(t).value for t in ('公開', '関係者限り', '所在地非公開', '非公開')]
    ['public', 'restricted', 'confidential_location', 'restricted']
    >>> read_publication('公開予定') is None
    True
    """
    return _whole(text, _PUBLICATION)


def read_referral(text: str) -> Referral | None:
    """紹介.

    >>> read_referral('本人可'), read_referral('紹介必要'), read_referral('市役所へ')
    (<Referral.SELF: 'self'>, <Referral.REQUIRED: 'required'>, None)
    """
    return _whole(text, _REFERRAL)


def read_status(text: str) -> Status | None:
    """状態.

    >>> read_status('休止中'), read_status('廃止'), read_status('営業中'), read_status('?')
    (<Status.SUSPENDED: 'suspended'>, <Status.CLOSED: 'closed'>, <Status.OPEN: 'open'>, None)
    """
    return _whole(text, _STATUS)


_CLOSED_SAID = re.compile(
    r"(?:活動|事業|運営|開催)を?終了|年度?で終了|閉鎖|閉所|閉店|廃止|解散しま?し?た?|なくなりました"
)
_SUSPENDED_SAID = re.compile(
    r"(?<!年始)(?<!年始は)(?<!季)(?<!期)(?<!お盆)(?<!お盆は)(?<!天)(?<!天時)(?<!月)(?<!月は)(?<!日は)"
    r"休止(?!日)|休止中|休会中|休業中|休館中|活動停止中|中断中"
)
_RUNNING_AGAIN = re.compile(
    r"(?:再開(?!未定|は未定|予定|時期|の目途|の見込み|待ち))|(?:休止|終了)(?:し|する)?(?:てい)?(?:ません|ない)"
)


def status_said(text: str) -> Status | None:
    """状態 as an office says it in passing, in a note or among the hours; ``None`` when it does not.

    >>> status_said('スタッフ不足のため2025年4月から休止中'), status_said('令和2年度で終了')
    (<Status.SUSPENDED: 'suspended'>, <Status.CLOSED: 'closed'>)
    >>> status_said('休止していたが4月に再開'), status_said('受付は16時で終了'), status_said('雨天休み')
    (None, None, None)
    >>> status_said('8月は休止'), status_said('第2土曜（年末年始休止）'), status_said('休止。再開未定')
    (None, None, <Status.SUSPENDED: 'suspended'>)
    """
    plain = tidy(text)
    if _RUNNING_AGAIN.search(plain):
        return None
    if _CLOSED_SAID.search(plain):
        return Status.CLOSED
    return Status.SUSPENDED if _SUSPENDED_SAID.search(plain) else None


def _whole(text: str, rules: tuple[tuple[_T, str], ...]) -> _T | None:
    plain = tidy(text).replace(" ", "")
    return next((value for value, p in rules if re.fullmatch(p, plain, re.IGNORECASE)), None)
