"""Persons as a memo speaks of them: mentions, members while reading, and the household."""

import re
from dataclasses import dataclass, field

from matching.intake.model import Span

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
CHILDREN = frozenset(["息子", "娘", "長男", "次男", "三男", "長女", "次女", "三女", "子"])
SONS = frozenset({"息子", "長男", "次男", "三男"})
DAUGHTERS = frozenset({"娘", "長女", "次女", "三女"})
FEMALE = frozenset(
    ["母", "妻", "娘", "長女", "次女", "三女", "祖母", "姉", "妹", "義母", "叔母", "伯母", "姪"]
)
MALE = frozenset(
    ["父", "夫", "息子", "長男", "次男", "三男", "祖父", "兄", "弟", "義父", "叔父", "伯父", "甥"]
)


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
