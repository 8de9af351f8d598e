"""A memo in, proposals out. Pure: same memo, same vocabulary, same intake. Nothing is logged."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from graph.areas import AreaTree
from graph.hours import free_times
from graph.vocabulary.concept import Concept, Family
from graph.vocabulary.protocol import Vocabulary
from matching.intake.attribution import Place, member_of, said_by
from matching.intake.combinations import Together, combinations_of
from matching.intake.cues import (
    derived_situations,
    field_of,
    is_negated,
    is_past,
    long_ago,
    named_only,
    only_topic,
    readiness_of,
    untroubled,
)
from matching.intake.guards import asks_for_company, evidenced, is_over
from matching.intake.intake import Intake
from matching.intake.lexicon import Hit, lexicon_of, widest
from matching.intake.meaning import Guess, alarming, clear, guesses, support, telling
from matching.intake.model import (
    Agency,
    AreaWord,
    Certainty,
    Finding,
    IntakeMember,
    Reporter,
    Span,
    Time,
)
from matching.intake.people import read_household, relations_of, to_member
from matching.intake.personal import find_personal, mask
from matching.intake.persons import Household
from matching.intake.reporter import read_reporter
from matching.intake.words import Memo, is_suspected, is_worried, join_lines, read_words

MAX_MEMO = 20_000
#: Share from which a sentence may be about a need, and how many such needs are offered.
POSSIBLE_FROM = 0.3
#: A need whose words stand in a sentence that sounds like something else is only offered.
DOUBTED_BELOW = 0.02
_TAIL = 6
_DENIES = re.compile(
    r"な[いくか]|ません|ず[、。]|以前|昔|もし|心配して|払った|済んで|大丈夫|平気|好き|楽しみ|備え|死んだら|死んだあと|講座|ニュース|テレビ|ドラマ|映画"
)
_AT_LENGTH = 5
POSSIBLE_AT_MOST = 4
MOST_OF_A_SENTENCE = 2
_KANA = re.compile(r"[ぁ-ゖァ-ヺ]")
_HAN = re.compile(r"[一-龥]")
_LATIN = re.compile(r"[A-Za-z]")
_INVOLVED = re.compile(
    r"^(?:さん|等|など)?(?:(?:が|は|に|を|も|へ|と|で|の)?(?:すでに|現在|週[0-9０-９一二三四五]回?|月[0-9０-９]回?|とは?)?[、 ]?"
    r"(?:利用中|利用して(?!いな)|利用(?!を?(?:拒|し?たく|でき|希望|申))|使って(?!いな)|通って(?!いな)|通い(?!た)|通う|入って(?!いな)|入り(?!た)|つなが(?:って|り)(?!たく)|関わ(?:って|り)|担当|相談して|かかって|支援を受けて|週[0-9０-９一二三])"
    r"|より|から(?!だ)|からの|連絡|が聴取)"
)
_AREA_SHAPE = re.compile(r"[一-龥ぁ-んァ-ヴー]{1,8}(?:区|市|町|村|丁目|圏域|地区|小学校区)")
_FREE = re.compile(
    r"(?:平日|土日|土曜|日曜|週末|祝日|月曜|火曜|水曜|木曜|金曜|午前|午後|夕方|夜|朝|昼)[^。、\n「」]{0,16}?(?=なら|だったら|であれば|は空い|が空い|は動け|に来られ|は来られ|に行け|なら行け|は大丈夫)"
)


def read_memo(text: str, vocabulary: Vocabulary, areas: AreaTree | None = None) -> Intake:
    """Read a memo into proposals that a person confirms or edits.

    Every finding carries the words that led to it; a blank or foreign memo gives a message and
    whatever little can be read, never an invention. Only the first 20,000 characters are read.
    """
    given = join_lines(text[:MAX_MEMO])
    language, messages = _language(given, len(text))
    if not given.strip():
        return Intake(messages=messages, language=None)
    memo = read_words(given)
    masked = find_personal(given, memo.morphemes)
    shown = mask(given, masked)
    reporter = read_reporter(shown)
    house = read_household(memo, reporter)
    hits = [h for h in widest(lexicon_of(vocabulary).find(memo)) if not _hidden(h, shown)]
    reader = _Reader(memo=memo, shown=shown, house=house, reporter=reporter)
    found = [f for h in hits if (f := reader.finding(h)) is not None]
    found = evidenced(found, memo, house)
    known = {(f.family, f.key) for f in found if f.taken}
    found += reader.together(combinations_of(vocabulary).find(memo, known), found)
    explained = [(f.start, f.end) for f in found] + [(h.start, h.end) for h in hits]
    # 状況も同じ言葉から読めた困りごとは、まわりの言葉で疑わない。
    firm = {(f.start, f.end) for f in found if f.taken and f.family == Family.SITUATION}
    found = [f if (f.start, f.end) in firm else doubted(f, memo) for f in found]
    near = guesses(memo, vocabulary, least=POSSIBLE_FROM, most=MOST_OF_A_SENTENCE)
    found += reader.together(clear(near, explained), found)
    found += reader.alarms(near, found)
    found += reader.possible(near, found)
    found = evidenced(found, memo, house)
    findings = _unique([*found, *derived_situations(house, shown, vocabulary, found)])
    members = tuple(_members(house, memo, findings, shown, vocabulary))
    size, size_span = house.size, house.size_span
    return Intake(
        language=language,
        messages=messages,
        emergencies=tuple(f for f in findings if f.urgent and f.taken),
        members=members,
        relations=relations_of(house.drafts),
        household_size=size,
        household_words=size_span,
        reporter=reporter,
        already=tuple(reader.agencies(hits)),
        areas=tuple(_areas(shown, memo, areas)),
        masked=masked,
        memo=shown,
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    memo: Memo
    shown: str
    house: Household
    reporter: Reporter | None

    def finding(self, hit: Hit) -> Finding | None:
        """What a hit says, or ``None`` for families that are no statement about a person."""
        concept = hit.phrase.concept
        name = field_of(hit, self.memo)
        if name is None:
            return None
        place = Place(concept, hit.start, hit.end)
        about = member_of(place, self.memo, self.house)
        saying, speaker, quoted = said_by(place, self.memo, self.house, about, self.reporter)
        after = self.memo.text[hit.end : hit.end + 24]
        negated = is_negated(hit, self.memo)
        past = is_past(hit, self.memo) or is_over(self.memo, concept, hit.start, hit.end)
        certainty = _certainty(concept, after)
        return Finding(
            family=str(concept.family),
            key=concept.key,
            label=concept.label,
            field=name,
            text=self.shown[hit.start : hit.end],
            start=hit.start,
            end=hit.end,
            member=about.id,
            said_by=saying,
            speaker=speaker,
            quoted=quoted,
            negated=negated,
            time=Time.PAST if past else Time.NOW,
            certainty=certainty,
            urgent="urgent" in concept.traits,
            taken=_is_taken(hit, self.memo, name, negated=negated, past=past, certainty=certainty),
        )

    def together(self, spots: Iterable[Together], found: Sequence[Finding]) -> list[Finding]:
        """Findings from words that mean something together, where no phrase has said it."""
        known = {(f.family, f.key) for f in found}
        more: list[Finding] = []
        for spot in spots:
            concept = spot.concept
            if (str(concept.family), concept.key) in known or _denied(spot, found):
                continue
            if untroubled(self.memo.text[spot.start : spot.end], self.memo.text[spot.end :][:20]):
                continue
            place = Place(concept, spot.start, spot.end)
            about = member_of(place, self.memo, self.house)
            saying, speaker, quoted = said_by(place, self.memo, self.house, about, self.reporter)
            known.add((str(concept.family), concept.key))
            urgent = "urgent" in concept.traits
            past = (urgent and long_ago(self.memo, spot.start, spot.end)) or is_over(
                self.memo, concept, spot.start, spot.end
            )
            more.append(
                Finding(
                    family=str(concept.family),
                    key=concept.key,
                    label=concept.label,
                    field="needs" if concept.family is Family.NEED else "attributes",
                    text=self.shown[spot.start : spot.end],
                    start=spot.start,
                    end=spot.end,
                    member=about.id,
                    said_by=saying,
                    speaker=speaker,
                    quoted=quoted,
                    time=Time.PAST if past else Time.NOW,
                    urgent=urgent,
                    taken=not past,
                )
            )
        return more

    def possible(self, near: Sequence[Guess], found: Sequence[Finding]) -> list[Finding]:
        """What sentences sound like though nothing in them says it: the likeliest few needs."""
        known = {f.key for f in found if f.family == Family.NEED}
        likely: dict[str, Guess] = {}
        for guess in sorted(near, key=lambda g: (-g.share, g.start, g.concept.key)):
            if guess.concept.family is not Family.NEED or guess.concept.key in known:
                continue
            if "urgent" in guess.concept.traits and self._denies(guess):
                continue
            likely.setdefault(guess.concept.key, guess)
        chosen = list(likely.values())[:POSSIBLE_AT_MOST]
        spots = [Together(g.concept, g.start, g.end) for g in chosen]
        return [
            replace(f, certainty=Certainty.POSSIBLE, taken=False, urgent=False)
            for f in self.together(spots, found)
        ]

    def alarms(self, near: Sequence[Guess], found: Sequence[Finding]) -> list[Finding]:
        """Emergencies a sentence very likely tells, though no phrase and no rule has read them."""
        spots = [
            Together(g.concept, g.start, g.end)
            for g in alarming(near)
            if not self._denies(g) and self._told_at_length(g)
        ]
        return self.together(spots, found)

    def _told_at_length(self, guess: Guess) -> bool:
        """「夫80歳、妻」 is near to much: what is said in a word or two is no alarm."""
        words = [w for w in self.memo.words if guess.start <= w.start < guess.end and telling(w)]
        return len(words) >= _AT_LENGTH

    def _denies(self, guess: Guess) -> bool:
        """「暴力はない」「以前は」: nearness knows no denial, and an emergency is no guess."""
        return bool(_DENIES.search(self.memo.text[guess.start : guess.end + _TAIL]))

    def agencies(self, hits: Sequence[Hit]) -> Iterable[Agency]:
        """Agencies and services the memo names, and whether they are involved now."""
        seen: set[str] = set()
        for hit in hits:
            concept = hit.phrase.concept
            if concept.family is not Family.CATEGORY or concept.key in seen:
                continue
            involved = (
                bool(_INVOLVED.match(self.memo.text[hit.end : hit.end + 24]))
                and not is_negated(hit, self.memo)
                and not is_past(hit, self.memo)
            )
            if involved:
                seen.add(concept.key)
            yield Agency(
                key=concept.key,
                label=concept.label,
                text=self.shown[hit.start : hit.end],
                start=hit.start,
                end=hit.end,
                involved=involved,
            )


def doubted(finding: Finding, memo: Memo) -> Finding:
    """The finding, or the same as a mere possibility where its surroundings speak against it."""
    if not finding.taken or finding.urgent or finding.family != Family.NEED:
        return finding
    share = support(memo, finding.start, finding.end, finding.key)
    if share is None or share >= DOUBTED_BELOW:
        return finding
    return replace(finding, certainty=Certainty.POSSIBLE, taken=False)


def _denied(spot: Together, found: Sequence[Finding]) -> bool:
    """Whether the stretch holds words that a phrase has read as denied or past."""
    return any(
        (f.negated or f.time is Time.PAST) and f.start < spot.end and spot.start < f.end
        for f in found
        if "urgent" in spot.concept.traits
    )


def _certainty(concept: Concept, after: str) -> Certainty:
    if concept.family is Family.SITUATION and is_suspected(after):
        return Certainty.SUSPECTED
    return Certainty.WORRY if is_worried(after) else Certainty.STATED


def _is_taken(
    hit: Hit, memo: Memo, name: str, *, negated: bool, past: bool, certainty: Certainty
) -> bool:
    if negated or named_only(hit, memo) or only_topic(hit, memo):
        return False
    if past and name in {"needs", "attributes", "barriers"}:
        return False
    status = "status" in hit.phrase.concept.traits
    return not (certainty is not Certainty.STATED and status)


def _unique(findings: Iterable[Finding]) -> list[Finding]:
    """Each concept once for each person and each standing; the first words that say it stay."""
    seen: set[tuple[str, str, str | None, bool]] = set()
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda f: (not f.taken, f.start, f.end, f.key)):
        mark = (finding.family, finding.key, finding.member, finding.taken)
        if mark not in seen:
            seen.add(mark)
            kept.append(finding)
    return sorted(kept, key=lambda f: (f.start, f.end, f.family, f.key))


def _members(
    house: Household,
    memo: Memo,
    findings: Sequence[Finding],
    shown: str,
    vocabulary: Vocabulary,
) -> Iterable[IntakeMember]:
    social = frozenset(c.key for c in vocabulary.concepts(Family.NEED) if "social" in c.traits)
    for draft in house.drafts:
        own = tuple(f for f in findings if f.member == draft.id)
        named = draft.age is not None or draft.band is not None or draft.reporter
        if not (own or named or any(m.subject for m in draft.mentions) or len(house.drafts) == 1):
            continue
        asks = asks_for_company(own, memo, social)
        held = readiness_of(own, vocabulary, asks=asks)
        yield replace(
            to_member(draft, memo),
            findings=own,
            readiness=Span(text=held.text, start=held.start, end=held.end) if held else None,
            readiness_label=held.label if held else None,
            free=tuple(_free(shown)) if draft is house.principal else (),
        )


def _free(text: str) -> Iterable[Span]:
    for m in _FREE.finditer(text):
        if free_times(m.group()):
            yield Span(text=m.group(), start=m.start(), end=m.end())


def _areas(text: str, memo: Memo, areas: AreaTree | None) -> Iterable[AreaWord]:
    if areas is None:
        for m in _AREA_SHAPE.finditer(text):
            places = [
                x for x in memo.morphemes if x.pos[2] == "地名" and m.start() <= x.start < m.end()
            ]
            if places:
                start = places[0].start
                yield AreaWord(text=text[start : m.end()], start=start, end=m.end(), area_ids=())
        return
    names = sorted({a.name for a in areas.areas.values() if len(a.name) > 1}, key=len, reverse=True)
    taken: list[tuple[int, int]] = []
    for name in names:
        start = text.find(name)
        if start < 0 or any(start < e and s < start + len(name) for s, e in taken):
            continue
        taken.append((start, start + len(name)))
        yield AreaWord(
            text=name, start=start, end=start + len(name), area_ids=tuple(areas.find(name))
        )


def _hidden(hit: Hit, shown: str) -> bool:
    return "＊" in shown[hit.start : hit.end]


def _language(text: str, length: int) -> tuple[str | None, tuple[str, ...]]:
    """The memo's language and what the person has to be told about it."""
    messages: list[str] = []
    if not text.strip():
        return None, ("相談メモが空です。相談の内容を書くか、世帯員の欄に直接入力してください。",)
    if length > MAX_MEMO:
        messages.append(
            f"メモが長いため、はじめの{MAX_MEMO:,}文字だけを読みました。残りは分けて入力してください。"
        )
    kana, han, latin = (len(p.findall(text)) for p in (_KANA, _HAN, _LATIN))
    if kana == 0 and latin > 3 * max(han, 1):
        messages.append(
            "日本語でないメモのようです（英語など）。読み取れるのは日本語だけです。日本語で要点を書くか、欄に直接入力してください。"
        )
        return "other", tuple(messages)
    if kana == 0 and han > 5:  # noqa: PLR2004 - かなのない漢字だけの文
        messages.append(
            "日本語でないメモのようです（中国語など）。漢字の一致だけを拾いました。日本語で要点を書くか、読み取りを一つずつ確かめてください。"
        )
        return "zh", tuple(messages)
    return "ja", tuple(messages)
