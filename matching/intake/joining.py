"""Mentions that mean one person are joined into a member of the household."""

from collections.abc import Sequence

from matching.intake.model import Reporter, Saying
from matching.intake.persons import (
    CHILDREN,
    DAUGHTERS,
    FEMALE,
    FIRST_PERSON,
    MALE,
    PRINCIPAL,
    SONS,
    Draft,
    Mention,
)
from matching.intake.words import Quote


def join(
    mentions: Sequence[Mention], reporter: Reporter | None, quotes: Sequence[Quote]
) -> list[Draft]:
    """The members a memo speaks of, in order of their first mention; at least one."""
    drafts: list[Draft] = []
    for mention in mentions:
        draft = _same_person(mention, drafts)
        if draft is None:
            draft = Draft(id="", role=mention.role)
            drafts.append(draft)
        draft.mentions.append(mention)
        if draft.age is None and draft.band is None:
            draft.age, draft.band = mention.age, mention.band
        draft.gender = draft.gender or mention.gender or _gender(mention.role)
    _couple_is_parents(drafts)
    _quoted_self(drafts, quotes)
    _first_person(drafts, reporter)
    _writer(drafts, reporter, quotes)
    _merge_principal(drafts, reporter)
    if not drafts:
        drafts.append(Draft(id="", role=PRINCIPAL))
    for draft in drafts:
        draft.reporter = reporter is not None and (
            any(m.start == reporter.start for m in draft.mentions)
            or (reporter.saying is Saying.PERSON and draft.role == PRINCIPAL)
        )
    return drafts


def _same_person(mention: Mention, drafts: Sequence[Draft]) -> Draft | None:
    same = [d for d in drafts if d.role == mention.role and _ages_agree(d, mention)]
    if same:
        return same[-1]
    wider = [d for d in drafts if _compatible(d.role, mention.role) and _ages_agree(d, mention)]
    if len(wider) == 1:
        draft = wider[0]
        if draft.role in {"子", "息子", "娘", "親"} and mention.role not in {"子", "親"}:
            draft.role = mention.role
        return draft
    return None


def _compatible(known: str, new: str) -> bool:
    pair = {known, new}
    if "子" in pair:
        return pair <= CHILDREN
    if "親" in pair:
        return pair <= {"親", "母", "父"}
    if "息子" in pair:
        return pair <= SONS
    return "娘" in pair and pair <= DAUGHTERS


def _ages_agree(draft: Draft, mention: Mention) -> bool:
    if mention.age is None and mention.band is None:
        return True
    if draft.age is None and draft.band is None:
        return True
    return (draft.age, draft.band) == (mention.age, mention.band)


def _merge_principal(drafts: list[Draft], reporter: Reporter | None) -> None:
    """「本人」 without an age is the one the relatives speak of, or the aged unnamed person."""
    plain = [d for d in drafts if d.role == PRINCIPAL]
    aged = [d for d in plain if d.age is not None or d.band is not None]
    nameless = [d for d in plain if d not in aged]
    if not nameless:
        return
    target = aged[0] if aged else _spoken_of(drafts, reporter)
    if target is None:
        return
    for draft in nameless:
        target.mentions.extend(draft.mentions)
        drafts.remove(draft)
    target.mentions.sort(key=lambda m: m.start)


def _couple_is_parents(drafts: list[Draft]) -> None:
    """「80代夫婦と次男。父が…、母は…」: the couple are that father and mother."""
    for spouse, parent in (("夫", "父"), ("妻", "母")):
        one = next((d for d in drafts if d.role == spouse), None)
        other = next((d for d in drafts if d.role == parent), None)
        if one is None or other is None or any("夫婦" not in m.surface for m in one.mentions):
            continue
        other.mentions = sorted([*one.mentions, *other.mentions], key=lambda m: m.start)
        if other.age is None and other.band is None:
            other.age, other.band = one.age, one.band
        drafts.remove(one)


def _quoted_self(drafts: list[Draft], quotes: Sequence[Quote]) -> None:
    """「私」 in a quotation is the one who is quoted: the person named right before it."""
    for draft in [d for d in drafts if d.role == PRINCIPAL]:
        for mention in [m for m in draft.mentions if m.surface in FIRST_PERSON]:
            quote = next((q for q in quotes if q.start <= mention.start < q.end), None)
            speaker = _before(drafts, quote.start) if quote else None
            if speaker is not None and speaker is not draft:
                draft.mentions.remove(mention)
                speaker.mentions = sorted([*speaker.mentions, mention], key=lambda m: m.start)
        if not draft.mentions:
            drafts.remove(draft)


def _before(drafts: Sequence[Draft], start: int) -> Draft | None:
    near = [(m.end, d) for d in drafts for m in d.mentions if start - 12 <= m.end <= start]
    return max(near, key=lambda pair: pair[0])[1] if near else None


def _first_person(drafts: list[Draft], reporter: Reporter | None) -> None:
    """「私」 is whoever reports; where a relative reports, those mentions are theirs."""
    speaker = next((d for d in drafts if _reports(d, reporter)), None) or _named_self(drafts)
    if speaker is None or speaker.role == PRINCIPAL:
        return
    for draft in [d for d in drafts if d.role == PRINCIPAL]:
        mine = [m for m in draft.mentions if m.surface in FIRST_PERSON]
        speaker.mentions = sorted([*speaker.mentions, *mine], key=lambda m: m.start)
        draft.mentions = [m for m in draft.mentions if m.surface not in FIRST_PERSON]
        if not draft.mentions:
            drafts.remove(draft)


def _writer(drafts: list[Draft], reporter: Reporter | None, quotes: Sequence[Quote]) -> None:
    """「わたしは顔を見たことがない」 of a 民生委員: who writes is nobody of the house."""
    if reporter is None or reporter.saying is not Saying.THIRD or len(drafts) == 1:
        return
    for draft in [d for d in drafts if d.role == PRINCIPAL]:
        draft.mentions = [
            m
            for m in draft.mentions
            if m.surface not in FIRST_PERSON or any(q.start <= m.start < q.end for q in quotes)
        ]
        if not draft.mentions:
            drafts.remove(draft)


def _named_self(drafts: Sequence[Draft]) -> Draft | None:
    """「私（母）」: the role right behind the first person."""
    mine = [
        m for d in drafts if d.role == PRINCIPAL for m in d.mentions if m.surface in FIRST_PERSON
    ]
    ends = {m.end for m in mine}
    return next(
        (d for d in drafts for m in d.mentions if d.role != PRINCIPAL and m.start - 1 in ends), None
    )


def _reports(draft: Draft, reporter: Reporter | None) -> bool:
    return reporter is not None and any(m.start == reporter.start for m in draft.mentions)


def _spoken_of(drafts: Sequence[Draft], reporter: Reporter | None) -> Draft | None:
    """The member a relative's report is about: the first other one with an age, else the first."""
    if reporter is None or reporter.saying is not Saying.FAMILY:
        return None
    others = [d for d in drafts if d.role != PRINCIPAL and not _reports(d, reporter)]
    aged = [d for d in others if d.age is not None or d.band is not None]
    return aged[0] if aged else (others[0] if others else None)


def principal_of(drafts: Sequence[Draft], reporter: Reporter | None) -> Draft:
    """Whom the consultation is about."""
    own = next((d for d in drafts if d.role == PRINCIPAL), None)
    if own is not None:
        return own
    return _spoken_of(drafts, reporter) or drafts[0]


def _gender(role: str) -> str | None:
    if role in FEMALE:
        return "女性"
    return "男性" if role in MALE else None
