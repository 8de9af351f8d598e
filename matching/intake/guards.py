"""What an alarm and a refusal have to stand up to: no partner in the memo, all over by now, …

A word alone (あざ, 殴られる) doesn't tell whom it happens to. Here a finding is held against the
rest of the memo, so that 「消防団の訓練で腕にあざ」 raises no alarm for a child.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from graph.ages import read_age_band
from graph.vocabulary.concept import Concept, Family
from matching.intake.model import Finding, Time
from matching.intake.persons import Household
from matching.intake.words import Memo

_PARTNER = re.compile(
    r"夫|妻|主人|旦那|彼氏|彼女|彼(?=[にがのはをからと])|恋人|交際|同棲|内縁|パートナー|配偶者|DV|ＤＶ|嫁|元夫|元妻|相手の男|ストーカー"
)
_MINOR = re.compile(
    r"子ども|子供|こども|児|幼い|兄妹|姉弟|赤ちゃん|赤ん坊|小学|中学|高校生|生徒|保育|幼稚園|学童|担任|登校|通学|[小中高][1-6１-６一二三四五六](?!回|人|時)|[わ我]が子|この子|下の子|上の子|男の子|女の子|未就学|養護教諭|(?<![0-9０-９])(?:[1-9]|1[0-8])(?:歳|才)|[^十][一二三四五六七八九](?:歳|才)"
)
_ELDER = re.compile(
    r"要介護|要支援|認知症|高齢|寝たきり|介護|デイサービス|ヘルパー|[6-9６-９][0-9０-９](?:歳|才|代)|[六七八九]十"
)
_YOUNG = frozenset({"子", "娘", "息子", "長男", "次男", "三男", "長女", "次女", "三女", "孫"})
#: 「以前は…いまは落ち着いている」「はじめは断っていたが、今では楽しみにしている」
_OVER = re.compile(
    r"(?:今は|いまは|今では|いまでは|現在は|その後は?|(?:して|て)からは|最近は|ようやく|少しずつ|徐々に|次第に|だんだん|(?:訪問|関わり|面談|声かけ)を(?:重ね|続け)|時間をかけ|先週から|今月から)[^。]{0,24}?"
    r"(?:落ち着|安心|安定|平穏|穏やか|解消|元気|回復|払えて|できるように|(?:使え|食べられ|眠れ|話せ|会え|行け)るように|楽しみ|受け入れ|滞納はな|なくなった|ありません|(?:通っ|来)てい(?:る|ます)|出てくれ|打ち解け|心を開|話してくれ|話をしてくれ|顔を見せるよう|関係ができ|歩けるまで)"
)
_STILL = re.compile(r"今も|いまも|現在も|今でも|再び|また(?=[^、。]{0,4}(?:暴|死|殴|飲|止))")
#: ところが今も、と続くときに、終わったことにしない言葉。
_YET = re.compile(r"(?:が|けれど|けど|のに|ものの)、?[^。]{0,12}(?:続い|心配|不安|残って)")
#: 「中学の頃から不登校」の五十代は、いま学校に行けない子ではない。
_AT_SCHOOL = frozenset({"school_nonattendance", "school_nonattending"})
_GROWN = 22
#: 「子どもの頃に食べるものがなくて苦労した」「若いころは車中泊で旅をした」
_CHILDHOOD = re.compile(
    r"(?:子ども|子供|小さい|若い|学生|幼い|独身|[歳才])の?(?:頃|ころ|時代|とき)(?!から)|戦争中|戦時中|戦後"
)
#: 「苦しくなったら救急車を」「停電に備えて」「ネットカフェで漫画を読むのが楽しみ」「千円だけ入れて出るようにしている」
_NOT_NOW = re.compile(
    r"(?:[たっ]たら|だら|場合(?:は|に)|ときは|時は)[^。、]{0,6}(?:救急車|連絡|すぐ|電話)[^。]{0,10}(?:よう|言われ|決め|指示)"
    r"|備えて|(?:の|こと)が[^。、]{0,6}(?:楽しみ|好き|趣味)|(?:[うく]|る)ように(?:して|心がけ)|ことにして(?:い|お)"
)
_BARE_REFUSAL = frozenset({"拒否", "拒絶", "断る", "断り"})
_PASSIVE = re.compile(r"^(?:さ)?れ")
_OFFERED = re.compile(r"訪問|声かけ|支援|介入|面談|見守り|手伝")
_ONE_PERSON = re.compile(
    r"(?:相手|元夫|元妻|夫|妻|父|母|兄|上司|同級生|先生|担任|あの人|その人|加害者)(?:と|に)は?$"
)
_BODY = re.compile(r"足|膝|ひざ|腰|痛|骨折|車いす|車椅子|坂|階段|段差|許可|病気|息切れ|雪")
_ANIMAL = re.compile(r"(?:犬|猫|鳥|うさぎ|ペット|金魚|魚|花|植木)(?:が|も|は)[^。、]{0,6}$")
_ALARMS = ("urgent", "refuses", "avoids_people")


def is_over(memo: Memo, concept: Concept, start: int, end: int) -> bool:
    """Whether the sentence tells an alarm or a refusal as past, as a habit, or as what may come."""
    if concept.traits.isdisjoint(_ALARMS):
        return False
    low, high = memo.sentence_of(start)
    rest = memo.text[end:high]
    if "urgent" in concept.traits:
        young = _CHILDHOOD.search(memo.text[low:start]) and not _STILL.search(memo.text[low:high])
        if young or _NOT_NOW.search(memo.text[start:high]):
            return True
    found = _OVER.search(rest)
    return bool(found) and not _STILL.search(memo.text[low:high]) and not _YET.search(rest)


def evidenced(findings: Iterable[Finding], memo: Memo, house: Household) -> list[Finding]:
    """The findings without alarms for somebody the memo doesn't know: a partner, a child; a pupil of fifty."""
    partner = bool(_PARTNER.search(memo.text))
    minor = _has_minor(memo, house)
    kept: list[Finding] = []
    for finding in findings:
        if finding.key in {"dv_safety", "dv_victim"} and not partner:
            continue
        named = "虐待" in finding.text
        if finding.key in {"child_safety", "abused_child"} and not minor and not named:
            continue
        if finding.key in _AT_SCHOOL and (_age(finding, house) or 0) >= _GROWN:
            continue
        if _of_something_else(finding, memo):
            continue
        kept.append(finding)
    return kept


def _of_something_else(finding: Finding, memo: Memo) -> bool:
    """A refusal they met with (申請を拒否された), one they don't want to meet, legs that can't."""
    before, after = memo.text[max(0, finding.start - 14) : finding.start], memo.text[finding.end :]
    if finding.key == "refuses_support" and finding.text in _BARE_REFUSAL:
        return bool(_PASSIVE.match(after)) and not _OFFERED.search(before)
    if finding.key in {"hikikomori_refusing", "not_ready"}:
        return bool(_ONE_PERSON.search(before))
    if finding.key in {"hikikomori", "hikikomori_consultation"}:
        low, high = memo.sentence_of(finding.start)
        return "出られ" in finding.text and bool(_BODY.search(memo.text[low:high]))
    if finding.key in {"suicidal", "suicide_risk"}:
        return bool(_ANIMAL.search(before))
    return False


def _age(finding: Finding, house: Household) -> float | None:
    draft = next((d for d in house.drafts if d.id == finding.member), None)
    if draft is None:
        return None
    band = read_age_band(draft.band) if draft.age is None and draft.band else None
    return draft.age if band is None else band[0]


def _has_minor(memo: Memo, house: Household) -> bool:
    if _MINOR.search(memo.text):
        return True
    young = any(d.role in _YOUNG and d.age is None and d.band is None for d in house.drafts)
    return young and not _ELDER.search(memo.text)


def past_of(finding: Finding) -> Finding:
    """The same finding as something that is over."""
    return replace(finding, time=Time.PAST, taken=False)


def wished(memo: Memo, finding: Finding) -> bool:
    """Whether a place among people is asked for, not only missed: 〜したい, 〜があれば."""
    low, high = memo.sentence_of(finding.start)
    return bool(_WISH.search(memo.text[max(low, finding.start) : min(high, finding.end + 16)]))


_WISH = re.compile(
    r"たい(?!くな|わけではな|とは)|[ほ欲]しい|希望(?!し(?:な|て(?:い)?な|て(?:は)?お))|あれば|なら(?:行|参|通|やっ|会)|ないか(?:と|な|。|」)|求めて"
)


def asks_for_company(findings: Sequence[Finding], memo: Memo, social: frozenset[str]) -> bool:
    """Whether somebody asks to be among people, whatever else is told of them."""
    return any(
        f.taken
        and (
            (f.family == Family.NEED and f.key in social and wished(memo, f))
            or (f.family == Family.SITUATION and f.key == "ready")
        )
        for f in findings
    )
