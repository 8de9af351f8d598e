"""Who brings the case: 「妻より」「民生委員からの相談」「区役所から」「本人来所」."""

import re

from matching.intake.model import Reporter, Saying

_FROM = r"(?:さん|様|の方)?(?:[（(][^）)]{0,12}[）)])?(?:より|から(?!だ|し)|の(?:来所|電話|相談)|が来所|来所|来談|が来談|の[^。、\n]{0,8}より)"
_AGENCY = (
    "民生委員|児童委員|地域包括支援センター|地域包括|包括支援センター|包括|ケアマネジャー|ケアマネージャー|ケアマネ|保健師|助産師|看護師|"
    "SSW|スクールソーシャルワーカー|スクールカウンセラー|養護教諭|担任|小学校|中学校|高校|学校|保育園|幼稚園|病院|クリニック|医療機関|MSW|"
    "医療ソーシャルワーカー|区役所|市役所|役場|福祉事務所|ケースワーカー|生活保護担当|社協|社会福祉協議会|CSW|生活支援コーディネーター|"
    "警察|消防署?|管理会社|大家|不動産屋|近隣住民|近隣|近所|隣人|町会長?|自治会長?|職場|会社|相談支援専門員|相談支援事業所|基幹相談支援センター|ハローワーク|保護観察所|保護司|児童相談所|友人|知人"
)
_RELATIVE = "母親?|父親?|両親|親|妻|夫|息子|娘|長男|次男|三男|長女|次女|三女|兄|弟|姉|妹|きょうだい|祖母|祖父|孫|甥|姪|叔母|叔父|伯母|伯父|嫁|家族|お母さん|お父さん|奥さん|ご主人|義母|義父"
_AGENCY_FROM = re.compile(rf"(?P<who>{_AGENCY}){_FROM}|(?P<short>民生委員)(?:連絡|が聴取)")
_RELATIVE_FROM = re.compile(
    rf"(?:^|[。、\n「（(さてたる])(?:[^。、\n]{{0,10}}?(?:[（(][^）)]{{0,12}}[）)])?)?(?P<who>{_RELATIVE}){_FROM}"
)
_SELF = re.compile(
    r"本人(?:[（(][^）)]{0,12}[）)])?(?:が|より|から|、)?[ 　]*(?:来所|来談|電話|メール|相談)|[0-9０-９]+[歳才代][^。、\n]{0,8}(?:から(?:の)?(?:電話|相談|メール)|来所)"
)
_HEAD = 60


def read_reporter(text: str) -> Reporter | None:
    """Who is reporting, from the memo's beginning; ``None`` when it does not say."""
    head = text[:_HEAD]
    found: list[tuple[int, Reporter]] = []
    for pattern, saying in ((_AGENCY_FROM, Saying.THIRD), (_RELATIVE_FROM, Saying.FAMILY)):
        m = pattern.search(head)
        if m:
            name = "who" if m.group("who") else "short"
            start, end = m.span(name)
            found.append(
                (start, Reporter(label=m.group(name), saying=saying, start=start, end=end))
            )
    m = _SELF.search(head)
    if m:
        found.append(
            (m.start(), Reporter(label="本人", saying=Saying.PERSON, start=m.start(), end=m.end()))
        )
    return min(found, key=lambda pair: pair[0])[1] if found else None
