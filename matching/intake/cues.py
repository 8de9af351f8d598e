"""What surrounds a find decides what it means: denied, past, wanted, merely named, derived."""

import re
from collections.abc import Iterator, Sequence

from graph.ages import read_age_band
from graph.vocabulary.concept import Concept, Family
from graph.vocabulary.protocol import Vocabulary
from matching.intake.lexicon import Hit
from matching.intake.model import Finding, Saying
from matching.intake.persons import Draft, Household
from matching.intake.words import Memo, Word, tells_past

_FIELDS = {
    Family.NEED: "needs",
    Family.SITUATION: "attributes",
    Family.BARRIER: "barriers",
    Family.SETTING: "wishes",
    Family.ROLE: "can_give",
}
#: 「〜がない」と言われたとき、無くてよかったこと（借金はない）か、欲しいもの（居場所がない）か。
_TROUBLE = re.compile(
    r"借金|債務|滞納|トラブル|問題|不安|悩み|心配|症状|病|障害|暴力|虐待|負担|被害|不調|疲れ|ストレス|依存|死にたい|停止|止ま|DV"
)
_LIKES = re.compile(
    r"好き|趣味|興味|したい|やりたい|楽しみ|楽しい|生きがい|続けたい|行きたい|始めたい|習いたい|関心"
)
_ABLE = re.compile(
    r"得意|できる|上手|資格|経験|教え|師|先生|職人|免許|段|していた|してた|やっていた|勤め|器用|元"
)
_WANTS = re.compile(r"たい|ほしい|欲しい|希望|よい|いい|あれば|なら|助かる|好む")
_REFUSALS = frozenset(["希望", "望む", "要る", "必要", "困る", "求める", "違う"])
_DENIALS = frozenset(
    [
        "無い",
        "居る",
        "有る",
        "持つ",
        "受ける",
        "使う",
        "利用",
        "希望",
        "望む",
        "要る",
        "必要",
        "取得",
        "申請",
        "該当",
        "認める",
        "違う",
        "関係",
        "求める",
        "感じる",
        "困る",
        "見る",
        "見られる",
        "見える",
        "出る",
    ]
)
_JOINS = re.compile(
    r"^(?:の(?:利用|受給|申請|取得|診断|自覚|認識|様子|事実|兆候|訴え|形跡|既往|被害|疑い|おそれ|恐れ|リスク|話|方|ほう|サービス)?|等|など|とか|や[^。、]{0,8}|というの?|そういう(?:の|こと|もの)?|って(?:こと)?|関係)*(?:は|が|も|を|には|に|とは|と|では|じゃ|って)?[、 ]?(?:全然|まったく|全く|特に|とくに|まだ|一度も|一切|ほとんど|あまり|別に|今の?ところ|今は|もう|何も|誰も)*"
)
_TROUBLED = re.compile(
    r"困|大変|つらい|辛い|心配|不安|でき(?:な|ず|ませ)|なく|ない|無い|ほしい|欲しい|たい|限界|苦|相談|手伝|必要|要(?:る|り(?!ません)|する)|求め|難し|きつ|負担|悩|足り|なし|希望|どう|滞|遅れ|未|助け|あれば|たまる|危|減|勧め|わから|怖|疲"
)
_NATIONALITY = re.compile(
    r"(?:日系)?(?:[ァ-ヴー]{2,8}|中国|韓国|台湾|北朝鮮|米国|英国)(?:国籍|出身|籍の|人(?=[のはがで、。4四一家夫妻男女母父]))|中国残留孤児|在日外国人|技能実習"
)
#: ずっと前のこととして語る言葉。今も続いていると言われたら、前のことではない。
_LONG_AGO = re.compile(
    r"以前(?!から|より)|過去に|昔(?!から|より)|若い[頃ころ]|かつて|もともと|(?:子ども|子供|歳|才|小さい|[小中高大]学?校?生|十代)の?(?:頃|ころ|とき|時代)|学生時代|戦争|戦時|当時|(?:去年|昨年|先月|年前)まで|[0-9０-９一二三四五六七八九十]年(?:も|以上)?前に"
)
_STILL = re.compile(r"今も|いまも|現在も|今でも|再び|また|最近")
#: 「DVの講座」「自殺予防の研修」：話題として名が出ただけ。
_TOPIC = re.compile(
    r"^(?:の)?(?:予防|防止|対策|啓発|について|に関する)?の?(?:[ァ-ヴー]{0,12})?(?:講座|研修|講演|勉強会|学習会|啓発|ニュース|記事|本を|番組|ポスター|チラシ|相談員|キャンペーン)"
)
#: 「お金の心配はない」「食事に不自由はしていない」：困っていないという話。
_UNTROUBLED = re.compile(
    r"(?:心配|不安|不自由|支障|問題)(?:は|も|が)?(?:特に|今のところ|全く|まったく)?(?:な[いくさ]|なし|ありませ|ござい?ませ|し(?:て(?:い|お)?(?:な|り?ませ|らん|らず))|要ら|いら)"
)
#: 「生活には困っていない」は、支援を断る言葉ではない。
_ABOUT = re.compile(r"(?:に|こと|で)(?:は|も)?(?:特に|今は|あまり|とくに)?$")
_ELDER_AGE = 65
#: 8050：親の年齢の下限と、子の年齢の下限。
_OLD_PARENT, _GROWN = 70, 40


def field_of(hit: Hit, memo: Memo) -> str | None:
    """The field of a case a find belongs to; ``None`` when it is no statement about a person."""
    concept = hit.phrase.concept
    if concept.family is Family.ACTIVITY:
        return _activity_field(hit, memo)
    return _FIELDS.get(concept.family)


def _activity_field(hit: Hit, memo: Memo) -> str | None:
    low, high = memo.sentence_of(hit.start)
    around = memo.text[low:high]
    if _LIKES.search(around):
        return "wishes"
    return "strengths" if _ABLE.search(around) else None


def is_negated(hit: Hit, memo: Memo) -> bool:
    """Whether the memo denies it: 手帳は持っていない, 就労は希望しない, 死にたいわけではない."""
    if hit.phrase.spelling.startswith("困ってい") and _ABOUT.search(memo.text[: hit.start]):
        return True
    if untroubled(memo.text[hit.start : hit.end], memo.text[hit.end : hit.end + 20]):
        return True
    phrase = hit.final
    word = memo.words[hit.last] if 0 <= hit.last < len(memo.words) else None
    if word is not None and phrase.predicate:
        lacking = (
            phrase.lemmas[-1:] == ("無い",) and word.negated and word.lemma in {"居る", "有る"}
        )
        same = (
            word.negated == phrase.negated or lacking or (phrase.negated and word.lemma == "無い")
        )
        denied = not same
        return denied or _denied_after(hit, memo)
    return _noun_negated(hit, memo)


def untroubled(text: str, after: str) -> bool:
    """Whether words, or what follows them at once, say that there is no trouble."""
    return bool(_UNTROUBLED.search(text) or _UNTROUBLED.match(after.lstrip("のにをは")))


def _denied_after(hit: Hit, memo: Memo) -> bool:
    """「死にたいとは言っていない」「死にたいわけではない」."""
    after = memo.text[hit.end : hit.end + 24]
    return bool(
        re.match(
            r"^(?:と?(?:思|考え|感じ)[^。、]{0,4}(?:こと|わけ)(?:は|も|では)?(?:一度も|まったく|全く)?な[いくか]|(?:たり|だり)[^。、]{0,12}はし(?:な|ませ)"
            r"|(?:という|た|て)?(?:わけ|つもり|気持ち|の)?(?:では|じゃ|とまでは|とは|とは思って|ことは|気持ちは)(?:い|言ってい|思ってい|一度も|まったく)?(?:な[いくか]|ありませ))",
            after,
        )
    )


def _noun_negated(hit: Hit, memo: Memo) -> bool:
    after = memo.text[hit.end : hit.end + 30]
    joined = _JOINS.match(after)
    rest_start = hit.end + (joined.end() if joined else 0)
    if (
        re.match(
            r"^(?:では?|じゃ)(?:な[いくかし]|あり?ません)",
            memo.text[rest_start - 2 : rest_start + 6],
        )
        or re.match(r"^な[いくかし]|^あり?ません|^ありませ", memo.text[rest_start : rest_start + 6])
        or re.match(r"^(?:なし|無し|無)(?![くい])", memo.text[rest_start : rest_start + 3])
    ):
        return _lack_is_denial(hit, memo)
    word = _next_word(hit, memo, rest_start)
    if word is None or not word.negated or word.lemma not in _DENIALS:
        return False
    if word.lemma in _REFUSALS:
        return True
    return _lack_is_denial(hit, memo)


def _lack_is_denial(hit: Hit, memo: Memo) -> bool:
    """居場所がない is the need itself; 借金はない denies it."""
    if hit.phrase.concept.family is not Family.NEED:
        return True
    return bool(
        _TROUBLE.search(hit.phrase.spelling) or _TROUBLE.search(memo.text[hit.start : hit.end])
    )


def _next_word(hit: Hit, memo: Memo, start: int) -> Word | None:
    for word in memo.words[max(hit.last, 0) :]:
        if word.start >= start:
            return word if word.start - start <= 1 else None
    return None


def is_past(hit: Hit, memo: Memo) -> bool:
    """「以前は不登校だった」「昔は洋裁の先生」, within the clause."""
    low, _ = memo.sentence_of(hit.start)
    before = memo.text[low : hit.start]
    cut = max(
        *(before.rfind(word) for word in ("、今", "いま", "現在", "が、", "けど", "ですが")),
    )
    if not tells_past(before[cut + 1 :]):
        return False
    word = memo.words[hit.last] if 0 <= hit.last < len(memo.words) else None
    after = memo.text[hit.end : hit.end + 14]
    return bool(
        (word and word.past)
        or re.search(
            r"だった|でした|ていた|してた|があった|^た|を?し|^[^。、]{0,9}(?:育った|もあった|たことが|経験があ)",
            after,
        )
    ) or (hit.phrase.concept.family in {Family.ACTIVITY, Family.ROLE})


def long_ago(memo: Memo, start: int, end: int) -> bool:
    """Whether the sentence up to there tells it as something of long ago that is over."""
    low, _ = memo.sentence_of(start)
    before = memo.text[low:end]
    return bool(_LONG_AGO.search(before)) and not _STILL.search(before)


def only_topic(hit: Hit, memo: Memo) -> bool:
    """「DVの講座」: the name of something that is talked about, nobody's trouble."""
    return bool(_TOPIC.match(memo.text[hit.end : hit.end + 16]))


def named_only(hit: Hit, memo: Memo) -> bool:
    """A need that is only named in passing (「買い物の帰りに」) is no need."""
    phrase = hit.phrase
    if phrase.concept.family is Family.SETTING:
        return not _WANTS.search(memo.text[hit.end : hit.end + 30])
    if phrase.concept.family is Family.ROLE:
        low, high = memo.sentence_of(hit.start)
        return not (
            _LIKES.search(memo.text[low:high])
            or _ABLE.search(memo.text[low:high])
            or _WANTS.search(memo.text[low:high])
        )
    wished = 0 <= hit.last < len(memo.words) and memo.words[hit.last].wish
    if "urgent" in phrase.concept.traits or wished:
        return False
    if phrase.concept.family is not Family.NEED or phrase.predicate or phrase.sentence:
        return False
    if _TROUBLE.search(phrase.spelling):
        return False
    rest = memo.text[hit.end : hit.end + 45]
    return not _TROUBLED.search(re.split(r"[。\n]", rest, maxsplit=1)[0])


def readiness_of(
    findings: Sequence[Finding], vocabulary: Vocabulary, *, asks: bool
) -> Finding | None:
    """What says that someone does not want to meet or be helped, if anything does.

    Who only keeps away from people and ``asks`` for company is as ready as they say.
    """
    found: list[tuple[bool, int, Finding]] = []
    for f in findings:
        if f.family != Family.SITUATION or not f.taken:
            continue
        traits = vocabulary.get(Family.SITUATION, f.key).traits
        if "refuses" in traits or ("avoids_people" in traits and not asks):
            found.append(("refuses" not in traits, f.start, f))
    return min(found, key=lambda item: item[:2])[2] if found else None


def derived_situations(
    house: Household, shown: str, vocabulary: Vocabulary, found: Sequence[Finding]
) -> Iterator[Finding]:
    """高齢 and 8050 from ages: the words that led to them are the ages themselves.

    8050 needs an elderly parent and a grown child who keeps away from people or is out of work.
    """
    withdrawn = {f.member for f in found if f.taken and _keeps_home(f, vocabulary)}
    elder = vocabulary.resolve("高齢", (Family.SITUATION,))
    eighty = vocabulary.resolve("8050", (Family.SITUATION,))
    foreign = vocabulary.resolve("外国籍", (Family.SITUATION,))
    if foreign:
        yield from _nationality(house, foreign.concept, shown)
    for draft in house.drafts:
        if elder and (_low(draft) or 0) >= _ELDER_AGE:
            yield from _from_age(draft, elder.concept, shown)
    pair = _parent_and_child(house)
    if eighty and pair and pair[1].id in withdrawn:
        yield from _from_age(pair[1], eighty.concept, shown)


def _nationality(house: Household, concept: Concept, shown: str) -> Iterator[Finding]:
    """「ベトナム国籍」「両親はフィリピン出身」「日系ペルー人」."""
    for m in _NATIONALITY.finditer(shown):
        near = [x for x in house.mentions if x.member and shown.rfind("。", x.end, m.start()) < 0]
        before = [x for x in near if x.end <= m.start()]
        after = [x for x in near if x.start >= m.end()]
        chosen = before[-1:] or after[:1]
        draft = house.draft(chosen[0].member or "") if chosen else house.principal
        yield _finding(draft, concept, shown, m.span())


def _keeps_home(finding: Finding, vocabulary: Vocabulary) -> bool:
    if finding.family != Family.SITUATION:
        return False
    concept = vocabulary.get(Family.SITUATION, finding.key)
    return "avoids_people" in concept.traits or "無職" in concept.synonyms


def _from_age(draft: Draft, concept: Concept, shown: str) -> Iterator[Finding]:
    span = next((m.age_span for m in draft.mentions if m.age_span), None)
    if span is not None:
        yield _finding(draft, concept, shown, span)


def _finding(draft: Draft, concept: Concept, shown: str, span: tuple[int, int]) -> Finding:
    return Finding(
        family=str(concept.family),
        key=concept.key,
        label=concept.label,
        field="attributes",
        text=shown[span[0] : span[1]],
        start=span[0],
        end=span[1],
        member=draft.id,
        said_by=Saying.RECORDER,
        urgent=False,
    )


def _parent_and_child(house: Household) -> tuple[Draft, Draft] | None:
    parents = [
        d for d in house.drafts if d.role in {"母", "父", "親"} and (_low(d) or 0) >= _OLD_PARENT
    ]
    children = [
        d
        for d in house.drafts
        if d.role
        in {
            "息子",
            "娘",
            "長男",
            "次男",
            "三男",
            "長女",
            "次女",
            "三女",
            "子",
            "本人",
            "兄",
            "弟",
            "妹",
            "姉",
        }
        and _GROWN <= (_low(d) or 0) < _OLD_PARENT
    ]
    return (parents[0], children[0]) if parents and children else None


def _low(draft: Draft) -> float | None:
    if draft.age is not None:
        return draft.age
    band = read_age_band(draft.band) if draft.band else None
    return band[0] if band else None
