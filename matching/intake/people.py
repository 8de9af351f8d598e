"""Who is in the household: every mention of a person, joined into members with ages and relations."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from matching.intake.joining import join, principal_of
from matching.intake.model import IntakeMember, Relation, Reporter, Span
from matching.intake.persons import CHILDREN, PRINCIPAL, ROLES, Draft, Household, Mention
from matching.intake.words import Memo

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
#: 「29歳のシングルマザー」「47歳会社員」：性別でなく、暮らしや仕事で呼ばれた人。
_CALLED = re.compile(
    r"^(?:の|、|・|（|\()?(?P<who>シングルマザー|シングルファザー|シングルの母|未婚の母|専業主婦|主婦|主夫|会社員|契約社員|派遣社員|非正規社員|フリーター|無職|自営業|技能実習生|留学生|大学生|大学院生|専門学校生|独身|未婚|単身)(?!の(?:母|父|娘|息子|[長次三]|兄|弟|姉|妹|子|孫|夫|妻)|者)"
)
_WOMEN = ("女", "シングルマザー", "シングルの母", "未婚の母", "専業主婦", "主婦")
_MEN = ("男", "シングルファザー", "主夫")
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


def read_household(memo: Memo, reporter: Reporter | None) -> Household:
    """Join the mentions of a memo into members. There is always a principal (本人)."""
    text = _halfwidth(memo.text)
    mentions = [*_mentions(text, memo), *_persons(text)]
    mentions.sort(key=lambda m: (m.start, m.end))
    _name_children(mentions)
    _give_ages(text, mentions)
    drafts = join(mentions, reporter, memo.quotes)
    principal = principal_of(drafts, reporter)
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
    children = [d for d in drafts if d.role in CHILDREN]
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
    for m in _AGE.finditer(text):
        called = _CALLED.match(text[m.end() : m.end() + 12])
        if m.start() not in seen and m.group("years") and called:
            seen.add(m.start())
            end = m.end() + called.end("who")
            yield _person(text, m.start(), end, called.group("who"))
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
    gender = "女性" if who.startswith(_WOMEN) else "男性" if who.startswith(_MEN) else None
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
    if months and mention.role in CHILDREN:
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
