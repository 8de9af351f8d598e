"""Who is in the household: every mention of a person, joined into members with ages and relations."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from matching.intake.model import IntakeMember, Relation, Reporter, Saying, Span
from matching.intake.words import Memo, Quote

PRINCIPAL = "本人"

#: 書かれ方 → 役割。
ROLES: dict[str, str] = {
    **dict.fromkeys(("本人", "ご本人", "当人", "相談者", "私", "わたし", "僕", "俺"), PRINCIPAL),
    **dict.fromkeys(("母", "母親", "お母さん", "お母様", "実母", "母さん", "ママ"), "母"),
    **dict.fromkeys(("父", "父親", "お父さん", "お父様", "実父", "父さん", "パパ"), "父"),
    **dict.fromkeys(("親", "親御さん", "老親"), "親"),
    **dict.fromkeys(("両親", "ご両親"), "両親"),
    **dict.fromkeys(("妻", "奥さん", "奥様", "家内", "嫁さん"), "妻"),
    **dict.fromkeys(("夫", "ご主人", "旦那", "旦那さん", "主人"), "夫"),
    **dict.fromkeys(("夫婦", "ご夫婦"), "夫婦"),
    **dict.fromkeys(("内縁の夫", "内縁の妻", "パートナー", "同棲相手"), "パートナー"),
    **dict.fromkeys(("息子", "息子さん", "せがれ"), "息子"),
    **dict.fromkeys(("娘", "娘さん"), "娘"),
    **{word: word for word in ("長男", "次男", "三男", "長女", "次女", "三女")},
    **dict.fromkeys(("二男",), "次男"),
    **dict.fromkeys(("二女",), "次女"),
    **dict.fromkeys(
        ("子", "子ども", "子供", "こども", "お子さん", "上の子", "下の子", "わが子", "我が子"), "子"
    ),
    **dict.fromkeys(("赤ちゃん", "乳児", "双子", "幼児"), "子"),
    **dict.fromkeys(("祖母", "おばあさん", "おばあちゃん"), "祖母"),
    **dict.fromkeys(("祖父", "おじいさん", "おじいちゃん"), "祖父"),
    **dict.fromkeys(("祖父母",), "祖父母"),
    **dict.fromkeys(("兄", "お兄さん"), "兄"),
    **dict.fromkeys(("姉", "お姉さん"), "姉"),
    **{word: word for word in ("弟", "妹")},
    **dict.fromkeys(("きょうだい", "兄弟"), "きょうだい"),
    **{word: word for word in ("義母", "義父", "叔母", "叔父", "伯母", "伯父", "甥", "姪")},
    **dict.fromkeys(("姑",), "義母"),
    **dict.fromkeys(("舅",), "義父"),
    **dict.fromkeys(("孫", "お孫さん"), "孫"),
}
FIRST_PERSON = frozenset({"私", "わたし", "僕", "俺"})
_CHILDREN = frozenset(["息子", "娘", "長男", "次男", "三男", "長女", "次女", "三女", "子"])
_SONS = frozenset({"息子", "長男", "次男", "三男"})
_DAUGHTERS = frozenset({"娘", "長女", "次女", "三女"})
_FEMALE = frozenset(
    ["母", "妻", "娘", "長女", "次女", "三女", "祖母", "姉", "妹", "義母", "叔母", "伯母", "姪"]
)
_MALE = frozenset(
    ["父", "夫", "息子", "長男", "次男", "三男", "祖父", "兄", "弟", "義父", "叔父", "伯父", "甥"]
)
_ROLE = re.compile("|".join(sorted(map(re.escape, ROLES), key=len, reverse=True)))

_NUM = r"[0-9]{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|百"
_AGE = re.compile(
    rf"(?P<years>{_NUM})[ ]?(?:歳|才)(?![0-9]?代)"
    r"|生後(?P<months>[0-9]{1,2})[ ]?(?:か月|ヶ月|カ月|ヵ月|ケ月|箇月)"
    r"|(?P<decade>[1-9]0|[二三四五六七八九]十)[ ]?(?:歳|才)?代(?P<part>前半|半ば|なかば|後半)?"
    r"|(?P<grade>(?:小|中|高|大)(?:学(?!生)|校)?[1-6]年?生?)"
    r"|(?P<stage>小学生|中学生|高校生|大学生|女子大生|専門学校生|未就学児|乳児|幼児|新生児|年長|年中|年少|園児)"
)
_BARE = re.compile(
    r"^[（(:： 　]{0,2}(?P<n>[0-9]{1,3})(?![0-9]|[ ]?(?:回|か月|ヶ月|カ月|年|月|日|週|時|分|人|匹|頭|件|万|円|級|度|号|番|階|歳|才|代|割|%|kg|本|枚|錠|軒|社|町|丁|[-–—・.〜~]))"
)
_BARE_MONTHS = re.compile(r"^[ 　]?(?P<n>[0-9]{1,2})[ ]?(?:か月|ヶ月|カ月)(?=[^間]|$)")
_PERSON = re.compile(
    r"^(?:[のでな、,（( 　]{0,2}|[^\n。、はがをと0-9]{0,7}?)(?P<who>男性|女性|男児|女児|男子|女子|男の子|女の子|(?<![長次三二孫])[男女])(?!の集|子会|同士|だけ|のみ|性)"
)
#: 「32歳、小3の子と…」「62歳。」：役割も性別も書かれない、相談の当人の年齢。
_AGE_ALONE = re.compile(r"(?:^|(?<=[。\n]))[ 　]*[0-9]{2}[ ]?(?:歳|才)(?=[、。,\s])")
_CHILD_WORDS = frozenset({"男児", "女児", "男の子", "女の子"})
_BARE_PERSON = re.compile(r"(?<![0-9])(?P<n>[0-9]{2})[ 　]?(?P<who>男性|女性|男|女)(?!子|の)")
_DECEASED = re.compile(
    r"^(?:さん|様)?[^。、\n]{0,8}?(?:が|を|は|も|に|と)?[^。、\n]{0,6}?(?:亡くし|亡くな|他界|死去|死別|先立た|逝)|^に先立|^(?:が|を|は)[^。、\n]{0,10}(?:亡くな|亡くし|他界)"
)
_DECEASED_BEFORE = re.compile(r"(?:亡き|亡くなった|死んだ|先立った|他界した)$")
_FORMER_BEFORE = re.compile(r"(?:元|前|別れた|離婚した|別居中の|別れた妻と)$")
_NOT_AFTER = re.compile(
    r"^(?:会|子会|の会|会議|食堂|の日|親学級|子手帳|国|語|校|体|性|系|宅|亡き後|なき後|元|友|戚|族|しい|切|身|方(?:面|針)|猫|犬)"
)
_TOGETHER = re.compile(
    r"(?P<n>[二三四五六七八九2-9２-９])人(?:暮らし|家族|世帯)|(?P<n2>[二三四五2-5])世帯"
)
_ALONE = re.compile(r"一人暮らし|ひとり暮らし|１人暮らし|1人暮らし|独居|単身(?!赴任)")
_NUMBERS = {"二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


_OLDEST = 110
_NEAR = 14


@dataclass(slots=True)
class Mention:
    """One place where a person is spoken of."""

    role: str
    surface: str
    start: int
    end: int
    after: str
    age: float | None = None
    band: str | None = None
    gender: str | None = None
    age_span: tuple[int, int] | None = None
    member: str | None = None

    @property
    def subject(self) -> bool:
        """Whether it stands as the one who does or is (は・が・も, or a heading)."""
        return bool(
            re.match(
                r"^(?:さん|様|たち)?(?:自身|本人)?(?:[（(][^）)]{0,14}[）)])?(?:は|が|も(?!ら)|には|にも|では|、|。|：|:|…|「|『|で(?:す|、|あ)|\s|より|から|$|[0-9])",
                self.after,
            )
        )

    @property
    def owner(self) -> bool:
        """Whether it stands as 「の」 before something of theirs."""
        return self.after.startswith(("の", "（", "(", "に", "さんの", "さんに"))

    @property
    def topic(self) -> bool:
        """Whether it is what the sentence is about (は, a heading)."""
        return bool(
            re.match(r"^(?:さん|様)?(?:[（(][^）)]{0,14}[）)])?(?:は|：|:|…|\s|、)", self.after)
        )


@dataclass(slots=True)
class Draft:
    """A member while the memo is read."""

    id: str
    role: str
    age: float | None = None
    band: str | None = None
    gender: str | None = None
    reporter: bool = False
    mentions: list[Mention] = field(default_factory=list)


@dataclass(slots=True)
class Household:
    """Members, their mentions in order, and what is told of the house."""

    drafts: list[Draft]
    mentions: tuple[Mention, ...]
    principal: Draft
    size: int | None
    size_span: Span | None

    def draft(self, key: str) -> Draft:
        """The member of an id."""
        return next(d for d in self.drafts if d.id == key)

    def add_principal(self) -> Draft:
        """The one who speaks, where the memo names only others (「夫に殴られる」)."""
        self.principal = Draft(id=f"m{len(self.drafts) + 1}", role=PRINCIPAL)
        self.drafts.append(self.principal)
        return self.principal


def read_household(memo: Memo, reporter: Reporter | None) -> Household:
    """Join the mentions of a memo into members. There is always a principal (本人)."""
    text = _halfwidth(memo.text)
    mentions = [*_mentions(text, memo), *_persons(text)]
    mentions.sort(key=lambda m: (m.start, m.end))
    _name_children(mentions)
    _give_ages(text, mentions)
    drafts = _join(mentions, reporter, memo.quotes)
    principal = _principal(drafts, reporter)
    for number, draft in enumerate(drafts, start=1):
        draft.id = f"m{number}"
        for mention in draft.mentions:
            mention.member = draft.id
    size, span = _size(memo.text, len(drafts))
    return Household(drafts, tuple(mentions), principal, size, span)


def to_member(draft: Draft, memo: Memo) -> IntakeMember:
    """The member as it is handed back, without its findings."""
    return IntakeMember(
        id=draft.id,
        role=draft.role,
        age=draft.age,
        age_band=draft.band,
        gender=draft.gender,
        reporter=draft.reporter,
        mentions=tuple(
            Span(text=memo.text[m.start : m.end], start=m.start, end=m.end) for m in draft.mentions
        ),
    )


def relations_of(drafts: Sequence[Draft]) -> tuple[Relation, ...]:
    """Relations that the roles themselves tell, seen from one household head."""
    found: list[Relation] = []
    parents = [d for d in drafts if d.role in {"母", "父", "親", "両親"}]
    children = [d for d in drafts if d.role in _CHILDREN]
    elders = [d for d in drafts if d.role in {"祖母", "祖父", "祖父母"}]
    couple = [d for d in drafts if d.role in {"妻", "夫", "パートナー"}]
    principal = next((d for d in drafts if d.role == PRINCIPAL), None)
    siblings = [d for d in drafts if d.role in {"兄", "弟", "姉", "妹", "きょうだい"}]
    found += [Relation(member=p.id, other=c.id, kind="parent") for p in parents for c in children]
    if len(couple) > 1:
        found.append(Relation(member=couple[0].id, other=couple[1].id, kind="spouse"))
    found += [Relation(member=s.id, other=c.id, kind="parent") for s in couple for c in children]
    if principal is not None:
        found += [Relation(member=p.id, other=principal.id, kind="parent") for p in parents]
        found += [Relation(member=principal.id, other=c.id, kind="parent") for c in children]
        found += [Relation(member=principal.id, other=s.id, kind="sibling") for s in siblings]
        found += [Relation(member=principal.id, other=s.id, kind="spouse") for s in couple]
        found += [Relation(member=e.id, other=principal.id, kind="grandparent") for e in elders]
    return tuple(found)


def _halfwidth(text: str) -> str:
    """Digits and Latin letters in half width, one character for one."""
    return "".join(
        unicodedata.normalize("NFKC", c) if "！" <= c <= "～" and c not in "（）：、。" else c
        for c in text
    )


def _mentions(text: str, memo: Memo) -> Iterator[Mention]:
    for m in _ROLE.finditer(text):
        start, end = m.span()
        if start not in memo.starts or not _whole(text, memo, end):
            continue
        before, after = text[max(0, start - 8) : start], text[end : end + 40]
        if (
            _NOT_AFTER.match(after)
            or _DECEASED_BEFORE.search(before)
            or _FORMER_BEFORE.search(before)
        ):
            continue
        if _DECEASED.match(after):
            continue
        role = ROLES[m.group()]
        for one in {"夫婦": ("夫", "妻"), "両親": ("父", "母"), "祖父母": ("祖父", "祖母")}.get(
            role, (role,)
        ):
            yield Mention(role=one, surface=m.group(), start=start, end=end, after=after)


def _whole(text: str, memo: Memo, end: int) -> bool:
    return end in memo.ends or text[end : end + 1].isdigit()


def _persons(text: str) -> Iterator[Mention]:
    """「33歳女性」「58才男」「中2男子」「38男」: a person named by age and sex alone."""
    seen: set[int] = set()
    for m in _AGE.finditer(text):
        after = _PERSON.match(text[m.end() : m.end() + 12])
        if after and not _ROLE.search(text[m.end() : m.end() + after.start("who")]):
            end = m.end() + after.end("who")
            seen.add(m.start())
            yield _person(text, m.start(), end, after.group("who"))
    for m in _AGE_ALONE.finditer(text):
        start = m.end() - len(m.group().strip())
        if start not in seen:
            seen.add(start)
            yield Mention(
                role=PRINCIPAL,
                surface=text[start : m.end()],
                start=start,
                end=m.end(),
                after=text[m.end() : m.end() + 40],
            )
    for m in _BARE_PERSON.finditer(text):
        if m.start() not in seen:
            mention = _person(text, m.start(), m.end(), m.group("who"))
            mention.age = float(m.group("n"))
            yield mention


def _name_children(mentions: Sequence[Mention]) -> None:
    """「母と年長の男の子」: a child named after someone else is their child, not the principal."""
    for number, mention in enumerate(mentions):
        if number and any(mention.surface.endswith(word) for word in _CHILD_WORDS):
            mention.role = "子"


def _person(text: str, start: int, end: int, who: str) -> Mention:
    gender = "女性" if who.startswith("女") else "男性"
    return Mention(
        role=PRINCIPAL,
        surface=text[start:end],
        start=start,
        end=end,
        after=text[end : end + 40],
        gender=gender,
    )


def _give_ages(text: str, mentions: Sequence[Mention]) -> None:
    """Attach each age to the mention before it (母82歳) or after it (80代の母)."""
    for m in _AGE.finditer(text):
        age, band = _age(m)
        target = (
            _inside(mentions, m)
            or _owned(text, mentions, m)
            or _left(text, mentions, m)
            or _right(text, mentions, m)
        )
        for one in target:
            if one.age is None and one.band is None:
                one.age, one.band, one.age_span = age, band, m.span()
    for mention in mentions:
        if mention.age is None and mention.band is None:
            _bare_age(text, mention)


def _bare_age(text: str, mention: Mention) -> None:
    bare = _BARE.match(text[mention.end :])
    if bare and 0 < int(bare.group("n")) <= _OLDEST:
        mention.age = float(bare.group("n"))
        mention.age_span = (mention.end + bare.start("n"), mention.end + bare.end())
        return
    months = _BARE_MONTHS.match(text[mention.end :])
    if months and mention.role in _CHILDREN:
        mention.age = round(int(months.group("n")) / 12, 2)
        mention.age_span = (mention.end, mention.end + months.end())


def _inside(mentions: Sequence[Mention], m: re.Match[str]) -> list[Mention]:
    return [x for x in mentions if x.start <= m.start() and m.end() <= x.end]


def _owned(text: str, mentions: Sequence[Mention], m: re.Match[str]) -> list[Mention]:
    """「76歳の母」: the age belongs to who stands right behind 「の」."""
    if text[m.end() : m.end() + 1] != "の":
        return []
    return [x for x in mentions if x.start == m.end() + 1]


def _left(text: str, mentions: Sequence[Mention], m: re.Match[str]) -> list[Mention]:
    near = [x for x in mentions if x.end <= m.start()]
    if not near:
        return []
    last = max(x.end for x in near)
    gap = text[last : m.start()]
    if not re.fullmatch(
        r"(?:さん|様)?(?:自身)?[（(:：はがも、,・ 　]{0,2}(?:ともに|とも|共に|実は)?", gap
    ):
        return []
    if text[m.end() : m.end() + 1] == "の" and re.search(r"[、,・ 　]", gap):
        return []
    return [x for x in near if x.end == last]


def _right(text: str, mentions: Sequence[Mention], m: re.Match[str]) -> list[Mention]:
    for x in mentions:
        gap = text[m.end() : x.start]
        if x.start >= m.end() and len(gap) <= _NEAR:
            if re.fullmatch(r"の?(?:[^。、\nはがを0-9]{0,13}(?:の|な|ある|する))?", gap) or gap in {
                "の",
                "",
            }:
                return [y for y in mentions if y.start == x.start and y.end == x.end]
            return []
    return []


def _age(m: re.Match[str]) -> tuple[float | None, str | None]:
    if m.group("years"):
        return float(_number(m.group("years"))), None
    if m.group("months"):
        return round(int(m.group("months")) / 12, 2), None
    if m.group("decade"):
        return None, f"{_number(m.group('decade'))}代{m.group('part') or ''}"
    if m.group("grade"):
        return None, m.group("grade")
    stage = m.group("stage")
    return None, {"女子大生": "大学生"}.get(stage, stage)


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    if text == "百":
        return 100
    tens, _, ones = text.partition("十")
    return (_NUMBERS.get(tens, 1)) * 10 + ({"一": 1} | _NUMBERS).get(ones, 0)


def _join(
    mentions: Sequence[Mention], reporter: Reporter | None, quotes: Sequence[Quote]
) -> list[Draft]:
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
        return pair <= _CHILDREN
    if "親" in pair:
        return pair <= {"親", "母", "父"}
    if "息子" in pair:
        return pair <= _SONS
    return "娘" in pair and pair <= _DAUGHTERS


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


def _principal(drafts: Sequence[Draft], reporter: Reporter | None) -> Draft:
    own = next((d for d in drafts if d.role == PRINCIPAL), None)
    if own is not None:
        return own
    return _spoken_of(drafts, reporter) or drafts[0]


def _gender(role: str) -> str | None:
    if role in _FEMALE:
        return "女性"
    return "男性" if role in _MALE else None


def _size(text: str, members: int) -> tuple[int | None, Span | None]:
    alone = _ALONE.search(text)
    if alone and members <= 1:
        return 1, Span(text=alone.group(), start=alone.start(), end=alone.end())
    m = _TOGETHER.search(text)
    if not m:
        return None, None
    digit = unicodedata.normalize("NFKC", m.group("n") or m.group("n2"))
    number = int(digit) if digit.isdigit() else _NUMBERS[digit]
    return number, Span(text=m.group(), start=m.start(), end=m.end())
