"""Whose a finding is, and whose statement."""

import re
from dataclasses import dataclass

from graph.vocabulary.concept import Concept, Family
from matching.intake.model import Reporter, Saying
from matching.intake.persons import PRINCIPAL, Draft, Household, Mention
from matching.intake.words import Memo, Quote

#: 世話をする側のこと：「母の介護」の母ではなく、介護している人のものになる。
_CARER = re.compile(
    r"介護する家族|家族を介護|介護で離職|介護者|介護負担|介護離職|レスパイト|休息|子育て|育児|ケアラー|ダブルケア|一時預かり|泊まりの預かり|預かり|"
    r"介護と仕事|親亡き後|家族同士|ひとり親|養育費|手当|産後|妊娠|保育"
)
_SCHOOL = re.compile(
    r"不登校|登校|学校|学習の|進路|ヤングケアラー|いじめ|家族の世話を担う子ども|子どもの居場所|発達の相談|虐待・養育"
)
_ELDER = re.compile(r"^高齢|認知症(?!の家族)|要介護|要支援|介護予防|もの忘れ|高齢者の")
#: 害を受けること：加えている人ではなく、受けている人のものになる。
_HARM = re.compile(r"^DV|家庭内の暴力|虐待を受けている|高齢者・障害者の虐待|子どもの虐待|犯罪被害")
_CHILD_HARM = re.compile(r"子どもの虐待|虐待を受けている子ども")
_DOES = re.compile(
    r"^(?:さん)?(?:[（(][^）)]{0,10}[）)])?(?:が|は|に|から|の暴|の怒|の機嫌|より|、)"
)
_SUFFERS = re.compile(r"^(?:さん)?(?:を|の顔|の体|の腕|の髪|の首|の年金|が殴られ|が叩かれ)")
#: 「三男に声をかけると襖を閉める」「次男とは一度も会えていない」
_TOWARDS = re.compile(r"^(?:さん)?(?:に声|に会|に話|とは|とも|へ声|を訪|を呼)")
_WITH = re.compile(r"^(?:さん|夫婦|家族|一家)?(?:と(?!は)|との|の)")
_PARTNERS = frozenset({"夫", "妻", "パートナー"})
#: 「母親に聞くと」「父によれば」：話してくれた人で、話の中の人ではない。
_SOURCE = re.compile(
    r"^(?:さん|様)?(?:に(?:聞|よる|よれ|尋|たず|確認|事情)|から(?:聞|の(?:話|情報)))"
)
_WORK = re.compile(r"^(?:仕事|働|就職|資格・技能|退職した|非正規|短い時間の仕事)")
#: 子どもの名が近くに出ても、暮らしを立てるのは大人。
_GROWN_UP = re.compile(
    r"生活費|お金|家賃|借金|滞納|電気|住まい|退去|泊まる|仕事|働く|資格・技能|保証人|終活|医療費|家計|生活保護|食べるもの|食料|労働|離婚|在留"
)
_MOTHER = re.compile(r"^産後|^妊娠")
#: 修飾する言葉と人、話し手と引用のあいだの、離れてよい文字数。
_DESCRIBES, _SPEAKS = 10, 12
_CHILD_TO, _ELDER_FROM, _RETIRED = 19.0, 40.0, 75.0
_MODIFIES = re.compile(
    r"^(?:がち|状態|気味|中|後)?(?:の(?:ある)?|な|がある|のある|で(?=[0-9０-９]|[^、。\n]{0,6}の)|している|気味の|を抱える|が(?:あり|ある))?(?:[0-9０-９]{1,3}(?:歳|才|代)の?|(?:小|中|高)[1-6１-６]の?|重い|同居の|実の)?$"
)
_SAID_AFTER = re.compile(
    r"^[ 　]?と(?:も|は)?(?:、)?(?P<who>[^\s、。「」]{1,8}?)(?:は|が|も)?(?:[。、\n言話訴い\s]|$)"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a concept was found."""

    concept: Concept
    start: int
    end: int


def member_of(place: Place, memo: Memo, house: Household) -> Draft:
    """The member a finding is about."""
    chosen = _described(place, memo, house) or _subject(place, memo, house)
    if _HARM.search(place.concept.label):
        return _victim(place, memo, house, chosen)
    return _of_fitting_age(place.concept, chosen, place, house)


def _victim(place: Place, memo: Memo, house: Household, chosen: Draft) -> Draft:
    """Who is harmed: never the one the words name as doing it."""
    start, end = memo.sentence_of(place.start)
    window = [m for m in house.mentions if start <= m.start < end and m.member]
    doing = {m.member for m in window if _DOES.match(m.after)}
    suffering = [m for m in window if m.member not in doing and _SUFFERS.match(m.after)]
    if _CHILD_HARM.search(place.concept.label):
        children = [d for d in house.drafts if _is_child(d)]
        return _nearest(children, place) if children else chosen
    if suffering and suffering[0].member:
        return house.draft(suffering[0].member)
    if chosen.id not in doing and chosen.role not in _PARTNERS:
        return chosen
    reporter = next((d for d in house.drafts if d.reporter), None)
    for draft in (house.principal, reporter, *house.drafts):
        if draft is not None and draft.id not in doing and not _is_child(draft):
            return draft
    return house.add_principal()


def said_by(
    place: Place, memo: Memo, house: Household, about: Draft, reporter: Reporter | None
) -> tuple[Saying, str | None, bool]:
    """Who stated it, that person's role, and whether it is a quotation."""
    quote = memo.quote_at(place.start)
    if quote is not None:
        speaker = _speaker(quote, memo, house)
        if speaker is not None:
            same = speaker.role == PRINCIPAL or speaker.id == about.id
            return (Saying.PERSON if same else Saying.FAMILY), speaker.role, True
        return Saying.PERSON, about.role, True
    if reporter is None:
        return Saying.RECORDER, None, False
    if reporter.saying is Saying.FAMILY:
        return Saying.CONSULTER, reporter.label, False
    return reporter.saying, reporter.label, False


def _described(place: Place, memo: Memo, house: Household) -> Draft | None:
    """「うつ病の母」「ひきこもりの息子」: the person the words describe stands right behind."""
    if place.concept.family is Family.NEED:
        return None
    for mention in house.mentions:
        if mention.start < place.end or mention.start - place.end > _DESCRIBES:
            continue
        if _MODIFIES.match(memo.text[place.end : mention.start]):
            return house.draft(mention.member) if mention.member else None
    return None


def _subject(  # noqa: PLR0911 - 手がかりの強い順に一つずつ
    place: Place, memo: Memo, house: Household
) -> Draft:
    quote = memo.quote_at(place.start)
    if quote is not None:
        speaker = _speaker(quote, memo, house)
        inner = _last_subject(house, quote.start, place.start, place)
        if inner is not None:
            return house.draft(inner.member or "")
        if speaker is not None:
            return speaker
    start, _ = memo.sentence_of(place.start)
    here = _last_subject(house, start, place.start + 1, place)
    if here is not None and here.member:
        return house.draft(here.member)
    owner = _spoken_of(house, start, place) or _owner(house, start, place)
    if owner is not None:
        return owner
    if _CARER.search(place.concept.label):
        return _carer(place, house, start)
    spoken = [
        m
        for m in house.mentions
        if start <= m.start and m.end <= place.start and m.member and _TOWARDS.match(m.after)
    ]
    if spoken:
        return house.draft(spoken[-1].member or "")
    line = memo.text.rfind("\n", 0, place.start) + 1
    before = [
        m for m in house.mentions if line <= m.start < start and m.topic and _outside(m, memo)
    ]
    if before and before[-1].member:
        return house.draft(before[-1].member)
    aged = [m for m in house.mentions if line <= m.start < place.start and m.age_span and m.subject]
    if aged and aged[-1].member:
        return house.draft(aged[-1].member)
    return house.principal


def _spoken_of(house: Household, start: int, place: Place) -> Draft | None:
    """「母に聞くと、会社を辞めて…」: whom the sentence before was about, not who told it."""
    told_by = [
        m
        for m in house.mentions
        if start <= m.start < place.start and m.member and _SOURCE.match(m.after)
    ]
    if not told_by:
        return None
    before = [
        m
        for m in house.mentions
        if m.start < start and m.subject and m.member not in (None, told_by[-1].member)
    ]
    return house.draft(before[-1].member or "") if before else None


def _outside(mention: Mention, memo: Memo) -> bool:
    return memo.quote_at(mention.start) is None


def _last_subject(house: Household, start: int, end: int, place: Place) -> Mention | None:
    carer = bool(_CARER.search(place.concept.label))
    found = [
        m
        for m in house.mentions
        if start <= m.start < end
        and m.member
        and (m.subject or (m.end > place.start and not carer and not _WITH.match(m.after)))
    ]
    return found[-1] if found else None


def _owner(house: Household, start: int, place: Place) -> Draft | None:
    """「母の年金」「息子に精神疾患があり」: nobody is the subject, but someone owns it."""
    if _CARER.search(place.concept.label):
        return None
    near = [
        m
        for m in house.mentions
        if start <= m.start
        and m.end <= place.start
        and place.start - m.end <= (1 if m.after.startswith("の") else 6)
        and m.owner
    ]
    return house.draft(near[-1].member) if near and near[-1].member else None


def _carer(place: Place, house: Household, start: int) -> Draft:
    """Who does the caring when no subject is told: not the one cared for."""
    cared = {m.member for m in house.mentions if start <= m.start < place.end and not m.subject}
    reporter = next((d for d in house.drafts if d.reporter), None)
    for draft in (house.principal, reporter, *house.drafts):
        if draft is not None and draft.id not in cared and not _is_child(draft):
            return draft
    return house.principal


def _of_fitting_age(concept: Concept, draft: Draft, place: Place, house: Household) -> Draft:
    """A school matter of a grown-up belongs to the child of the house; of age, to the elder."""
    label = concept.label
    if _SCHOOL.search(label) and not _CARER.sub("", label).startswith("教"):
        wanted = [d for d in house.drafts if _is_child(d)]
        if wanted and not _is_child(draft) and (_high(draft) or 99) >= _CHILD_TO:
            return _nearest(wanted, place)
    if _ELDER.search(label):
        wanted = [d for d in house.drafts if (_low(d) or 0) >= _ELDER_FROM]
        known = _high(draft)
        if wanted and known is not None and known < _ELDER_FROM:
            return _nearest(wanted, place)
    wanted = _able(label, draft, house)
    if wanted:
        return house.principal if house.principal in wanted else _nearest(wanted, place)
    if _CARER.search(label) and _is_child(draft) and "ケアラー" not in label:
        wanted = [d for d in house.drafts if not _is_child(d)]
        return _nearest(wanted, place) if wanted else draft
    return draft


def _able(label: str, draft: Draft, house: Household) -> list[Draft]:
    """Who can have such a matter, where the one the words point at can't; empty = they can."""
    grown = [d for d in house.drafts if not _is_child(d)]
    if _MOTHER.search(label) and (draft.gender == "男性" or _is_child(draft)):
        return [d for d in grown if d.gender != "男性"]
    if _GROWN_UP.search(label) and _is_child(draft):
        return grown
    if _WORK.search(label) and (_low(draft) or 0) >= _RETIRED:
        return [d for d in house.drafts if _CHILD_TO <= (_low(d) or 0) < _RETIRED]
    return []


def _nearest(drafts: list[Draft], place: Place) -> Draft:
    return min(
        drafts,
        key=lambda d: min((abs(m.start - place.start) for m in d.mentions), default=10**6),
    )


def _is_child(draft: Draft) -> bool:
    high = _high(draft)
    if high is not None:
        return high < _CHILD_TO
    return draft.role == "子" and draft.age is None


def _high(draft: Draft) -> float | None:
    from graph.ages import read_age_band  # noqa: PLC0415 - 年齢の語を読むときだけ要る

    if draft.age is not None:
        return draft.age
    band = read_age_band(draft.band) if draft.band else None
    return band[1] if band else None


def _low(draft: Draft) -> float | None:
    from graph.ages import read_age_band  # noqa: PLC0415 - 年齢の語を読むときだけ要る

    if draft.age is not None:
        return draft.age
    band = read_age_band(draft.band) if draft.band else None
    return band[0] if band else None


def _speaker(quote: Quote, memo: Memo, house: Household) -> Draft | None:
    """Who says 「…」: the mention right before it, or the one right after 「」と」."""
    before = [m for m in house.mentions if m.end <= quote.start and quote.start - m.end <= _SPEAKS]
    if before:
        gap = memo.text[before[-1].end : quote.start - 1]
        if re.fullmatch(
            r"(?:さん|様)?(?:自身)?(?:[（(][^）)]{0,10}[）)])?(?:は|が|も|：|:|より|から|、|\s|曰く|いわく|の話では)*",
            gap,
        ):
            return house.draft(before[-1].member) if before[-1].member else None
    rest = memo.text[quote.end + 1 : quote.end + 16]
    said = _SAID_AFTER.match(rest)
    if said:
        low, high = quote.end + 1 + said.start("who"), quote.end + 1 + said.end("who")
        for mention in house.mentions:
            if low <= mention.start and mention.end <= high + 1 and mention.member:
                return house.draft(mention.member)
    start, _ = memo.sentence_of(quote.start)
    topics = [m for m in house.mentions if start <= m.start < quote.start and m.topic and m.member]
    return house.draft(topics[-1].member or "") if topics else None
