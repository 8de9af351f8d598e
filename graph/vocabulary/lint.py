"""Rules a vocabulary must keep. Every fault is gathered before anything is refused."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from graph.vocabulary.build import LINK_FIELDS, Built, build
from graph.vocabulary.concept import Concept, Family, Link
from graph.vocabulary.fit import need_fits, shares
from graph.vocabulary.problem import Problem
from graph.vocabulary.resolve import fold
from graph.vocabulary.rules import (
    CROSSWALKS,
    FACTS,
    KEY_FACTS,
    LINKS,
    NEED_HEADS,
    NUMBER_FACTS,
    REQUIRED_FACTS,
    TRAITS,
)
from graph.vocabulary.source import SHIPPED, read_sources

#: A need counts as answered when some category fits it at least this well.
ANSWERED = 0.4

_KEY = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
_CODES = {
    "wam_file": re.compile(r"\d{2}"),
    "billing": re.compile(r"\d{2}"),
    "care_service": re.compile(r"\d{3}"),
    "gif_poi": re.compile(r"\d{4}"),
}

Faults = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Whole:
    """What a rule may look at."""

    concepts: Mapping[Family, Mapping[str, Concept]]


def lint(folder: Path | None = None) -> list[Problem]:
    """Every fault of a folder of vocabulary files (the shipped ones by default), in file order."""
    sources = read_sources(folder or SHIPPED)
    built = build(sources.entries)
    return sorted({*sources.problems, *built.problems, *check(built)})


def check(built: Built) -> list[Problem]:
    """Faults of concepts that were read."""
    whole = _Whole(built.concepts)
    problems: list[Problem] = []
    for family, concepts in built.concepts.items():
        for key, concept in concepts.items():
            file = built.files[family, key]
            for rule in _RULES:
                problems.extend(
                    Problem(file=file, key=key, what=what, todo=todo)
                    for what, todo in rule(concept, whole)
                )
    problems.extend(_same_words(built))
    problems.extend(_unanswered(built))
    problems.extend(_missing_heads(built))
    return problems


def _form(concept: Concept, _whole: _Whole) -> Faults:
    if not _KEY.fullmatch(concept.key):
        yield (
            "見出しの形がちがいます。",
            "半角の英小文字・数字を「_」でつないでください（例 food_bank）。",
        )
    if not concept.label:
        yield "表示名（label）がありません。", "ふだん使う日本語の名前を書いてください。"
    if not concept.definition:
        yield "説明（definition）がありません。", "何を指すのかを一文で書いてください。"


def _broader(concept: Concept, whole: _Whole) -> Faults:
    concepts = whole.concepts[concept.family]
    if concept.broader is not None and concept.broader not in concepts:
        yield (
            f"上位（broader）の「{concept.broader}」がありません。",
            "同じ種類の見出しにしてください。",
        )
        return
    seen = {concept.key}
    above = concept.broader
    while above is not None and above in concepts:
        if above in seen:
            yield (
                "上位（broader）をたどると自分に戻ります。",
                "どこか一つの broader を外してください。",
            )
            return
        seen.add(above)
        above = concepts[above].broader
    top = concept.broader is None
    if concept.family is Family.NEED and top and concept.key not in NEED_HEADS:
        yield (
            "14の柱のどれにも入っていません。",
            f"broader に {'・'.join(NEED_HEADS)} のどれか、またはその下の見出しを書いてください。",
        )


def _traits(concept: Concept, _whole: _Whole) -> Faults:
    allowed = TRAITS[concept.family]
    for trait in sorted(concept.traits - allowed.keys()):
        yield (
            f"特徴（traits）に「{trait}」はありません。",
            f"使えるのは {'・'.join(allowed) or 'なし'} です。",
        )


def _facts(concept: Concept, whole: _Whole) -> Faults:
    allowed = FACTS[concept.family]
    for name, value in concept.facts.items():
        if name not in allowed:
            yield (
                f"事実（facts）に「{name}」はありません。",
                f"使えるのは {'・'.join(allowed) or 'なし'} です。",
            )
        elif name in NUMBER_FACTS and not re.fullmatch(r"\d+(\.\d+)?", value):
            yield f"{name} の「{value}」が数ではありません。", "半角の数字だけを書いてください。"
        target = KEY_FACTS.get((concept.family, name))
        if target is not None:
            for key in value.split(";"):
                if key not in whole.concepts[target]:
                    yield (
                        f"{name} の「{key}」がありません。",
                        f"{target} フォルダの見出しを書いてください。",
                    )
    for name in REQUIRED_FACTS.get(concept.family, ()):
        if not concept.facts.get(name):
            yield f"事実（facts）の {name} がありません。", f"{allowed[name]}を書いてください。"
    if concept.facts.get("eligible_only") == "true" and not concept.facts.get("eligible"):
        yield (
            "eligible_only なのに eligible がありません。",
            "対象となる状況の見出しを書いてください。",
        )


def _crosswalk(concept: Concept, _whole: _Whole) -> Faults:
    for system, code in concept.crosswalk.items():
        if system not in CROSSWALKS:
            yield (
                f"対応表（crosswalk）に「{system}」はありません。",
                f"使えるのは {'・'.join(CROSSWALKS)} です。",
            )
        elif system in _CODES and not all(_CODES[system].fullmatch(c) for c in code.split(";")):
            yield (
                f"{system} の「{code}」は桁数がちがいます。",
                "先頭の0を含めて引用符で囲んでください。",
            )


def _links(concept: Concept, whole: _Whole) -> Faults:
    for name in LINK_FIELDS:
        targets = LINKS[concept.family].get(name, ())
        for link in getattr(concept, name):
            yield from _link(name, link, concept, targets, whole)


def _link(
    name: str, link: Link, concept: Concept, targets: tuple[Family, ...], whole: _Whole
) -> Faults:
    holders = [family for family in targets if link.key in whole.concepts[family]]
    if not holders:
        yield (
            f"{name} の「{link.key}」がありません。",
            f"{'・'.join(targets)} にある見出しを書いてください。",
        )
    elif len(holders) > 1:
        yield (
            f"{name} の「{link.key}」は {'と'.join(holders)} の両方にあり、どちらか決まりません。",
            "一方の見出しを変えてください。",
        )
    if not 0 < link.weight <= 1:
        yield (
            f"{name} の「{link.key}」の重み {link.weight} が範囲の外です。",
            "0より大きく1以下にしてください。",
        )
    if not link.why:
        yield (
            f"{name} の「{link.key}」に理由がありません。",
            "重みの後に一行で理由か出典を書いてください。",
        )
    if link.key == concept.key and name in {"leads_to", "implies"}:
        yield f"{name} が自分を指しています。", "この行を消してください。"


def _opposed(concept: Concept, _whole: _Whole) -> Faults:
    for key in sorted(
        {link.key for link in concept.suits} & {link.key for link in concept.unsuits}
    ):
        yield f"「{key}」が suits と unsuits の両方にあります。", "どちらか一方にしてください。"


def _useful(concept: Concept, _whole: _Whole) -> Faults:
    if (
        concept.family is Family.CATEGORY
        and not concept.answers
        and "facility" not in concept.traits
    ):
        yield (
            "どの困りごとにも応えていません。",
            "answers に「困りごとの見出し: 重み 理由」を書いてください。",
        )


_RULES: tuple[Callable[[Concept, _Whole], Faults], ...] = (
    _form,
    _broader,
    _traits,
    _facts,
    _crosswalk,
    _links,
    _opposed,
    _useful,
)


def _same_words(built: Built) -> Iterable[Problem]:
    for family, concepts in built.concepts.items():
        owner: dict[str, str] = {}
        for key, concept in concepts.items():
            for word in (concept.label, *concept.synonyms):
                form = fold(word)
                first = owner.setdefault(form, key)
                if first == key or not form:
                    continue
                yield Problem(
                    file=built.files[family, key],
                    key=key,
                    what=f"「{word}」は「{concepts[first].label}」（{first}）の言葉でもあります。",
                    todo="どちらの意味か決めて、一方から外してください。",
                )


def _unanswered(built: Built) -> Iterable[Problem]:
    needs = built.concepts[Family.NEED]
    share = shares(needs)
    answered: set[str] = set()
    for category in built.concepts[Family.CATEGORY].values():
        fits = need_fits(category, share)
        answered.update(key for key, fit in fits.items() if fit >= ANSWERED)
    for key in needs:
        if key not in answered:
            yield Problem(
                file=built.files[Family.NEED, key],
                key=key,
                what="この困りごとに応える資源の種類がありません。",
                todo="answered_by に「資源の種類の見出し: 重み 理由」を書いてください。",
            )


def _missing_heads(built: Built) -> Iterable[Problem]:
    for key, label in NEED_HEADS.items():
        head = built.concepts[Family.NEED].get(key)
        if head is None or head.broader is not None:
            yield Problem(
                file=f"needs/{key}.yaml",
                key=key,
                what=f"柱「{label}」がありません。",
                todo="broader のない見出しとして戻してください。",
            )
