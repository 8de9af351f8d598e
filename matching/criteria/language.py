"""言葉：本人の言葉（外国語・手話・やさしい日本語）で使えるか。"""

import numpy as np

from graph.model.resource import Resource
from graph.vocabulary.concept import Family
from matching.ask import Ask, Fact
from matching.card import ResourceCard
from matching.criterion import Change, Criterion, Finding, Floats, Kind
from matching.example import Example
from matching.index.column import Label
from matching.index.rows import Rows
from matching.profile import Person

#: Barriers that ask for a way of talking, and the setting that offers it.
_BY_BARRIER = {"japanese_barrier": "foreign_language", "hearing_barrier": "sign_language"}
_NOT_OFFERED = 0.1
_HOME = frozenset({"ja"})
_WAYS = frozenset(_BY_BARRIER.values())
_NONE: frozenset[str] = frozenset()


def _talks(card: ResourceCard) -> tuple[str, ...] | None:
    """Languages and ways of talking; ``None`` = not known."""
    resource = card.resource
    found = _WAYS.intersection(resource.settings) if resource.settings else _NONE
    if resource.languages is not None:
        found = found.union(resource.languages)
    elif not found:
        return None
    return tuple(sorted(found))


_TALKS = Label("talks", _talks)


def wanted(ask: Ask) -> frozenset[str]:
    """What the person asks for beside ordinary Japanese."""
    by_barrier = {_BY_BARRIER[key] for key in ask.person.barriers if key in _BY_BARRIER}
    return (ask.person.languages - _HOME) | by_barrier


def _measure(rows: Rows, ask: Ask) -> Floats:
    asked = wanted(ask)
    if not asked:
        return np.full(rows.n, np.nan)
    return rows.map(
        "talks",
        lambda talks: None if talks is None else (1.0 if asked & set(talks) else _NOT_OFFERED),
    )


def _explain(card: ResourceCard, ask: Ask, score: float | None) -> Finding:
    asked = ask.once("language", lambda: _asked(ask))
    talks = _talks(card)
    offered = ask.once(("talks", talks), lambda: _offered(talks, ask)) if talks else None
    if asked is None:
        return Finding("日本語での利用で、特に配慮は求められていません。", None, offered)
    if score is None:
        return Finding("対応できる言葉の記録がありません。", asked, offered)
    if score == 1:
        return Finding(f"{offered}に対応しています。", asked, offered)
    return Finding(f"{asked}に対応するとは書かれていません。", asked, offered)


def _asked(ask: Ask) -> str | None:
    return "・".join(sorted(_word(key, ask) for key in wanted(ask))) or None


def _offered(talks: tuple[str, ...], ask: Ask) -> str:
    return "・".join(_word(key, ask) for key in talks)


_WORDS = {
    "ja": "日本語", "ja-easy": "やさしい日本語", "en": "英語", "zh": "中国語", "ko": "韓国語",
    "vi": "ベトナム語", "tl": "タガログ語", "ne": "ネパール語", "pt": "ポルトガル語", "es": "スペイン語",
    "th": "タイ語", "id": "インドネシア語", "my": "ミャンマー語", "ru": "ロシア語", "uk": "ウクライナ語",
    "sgn-JP": "手話", "foreign_language": "外国語", "sign_language": "手話・筆談",
}  # fmt: skip


def _word(key: str, ask: Ask) -> str:
    known: dict[str, str] = ask.once(
        "settings", lambda: {c.key: c.label for c in ask.vocabulary.concepts(Family.SETTING)}
    )
    return known.get(key) or _WORDS.get(key, key)


def _confirm(_card: ResourceCard, ask: Ask) -> str | None:
    asked = ask.once("language", lambda: _asked(ask))
    return f"{asked}で利用できるか、通訳を頼めるか" if asked else None


def _relax(_card: ResourceCard, ask: Ask) -> Change:
    asked = _asked(ask) or ""
    return Change(asked, "対応の記録なし", f"{asked}に対応すると", 1.0)


def _card(languages: tuple[str, ...] | None) -> ResourceCard:
    return ResourceCard(resource=Resource(id="r", name="例", languages=languages))


_SPEAKS = Person(id="m1", languages=frozenset({"vi"}))

CRITERION = Criterion(
    key="language",
    label="言葉",
    question="本人の言葉で使えるか",
    silent=lambda ask: not wanted(ask),
    kind=Kind.PREFERENCE,
    weight=1.5,
    columns=(_TALKS,),
    reads=frozenset({Fact.LANGUAGES, Fact.BARRIERS}),
    measure=_measure,
    explain=_explain,
    confirm=_confirm,
    relax=_relax,
    examples=(
        Example(says="ベトナム語に対応", card=_card(("ja", "vi")), person=_SPEAKS, score=1),
        Example(says="書かれていません", card=_card(("ja",)), person=_SPEAKS, score=0.1),
        Example(says="記録がありません", card=_card(None), person=_SPEAKS, score=None),
        Example(says="特に配慮は", card=_card(("ja",)), score=None),
    ),
)
