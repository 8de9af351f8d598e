"""Turns entries of the files into concepts, gathering every fault on the way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from graph.vocabulary.concept import Concept, Family, Link
from graph.vocabulary.problem import Problem
from graph.vocabulary.rules import LINKS
from graph.vocabulary.source import Entry

LINK_FIELDS = ("answers", "suits", "unsuits", "leads_to", "requires_step", "implies")
_TEXT_FIELDS = ("label", "definition", "broader", "kana")
_FIELDS = frozenset(
    {*_TEXT_FIELDS, *LINK_FIELDS, "synonyms", "traits", "facts", "crosswalk", "answered_by"}
)


@dataclass(slots=True)
class Built:
    """Concepts by family and key, the file each came from, and the faults."""

    concepts: dict[Family, dict[str, Concept]] = field(
        default_factory=lambda: {family: {} for family in Family}
    )
    files: dict[tuple[Family, str], str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def fault(self, entry: Entry, what: str, todo: str) -> None:
        """Note a fault of an entry."""
        self.problems.append(Problem(file=entry.file, key=entry.key, what=what, todo=todo))


def build(entries: Sequence[Entry]) -> Built:
    """Concepts of all entries; ``answered_by`` of needs turned round into ``answers``."""
    built = Built()
    turned: list[tuple[Entry, str, Link]] = []
    for entry in entries:
        family = built.concepts[entry.family]
        if entry.key in family:
            first = built.files[entry.family, entry.key]
            built.fault(
                entry,
                f"同じ見出しが {first} にもあります。",
                "どちらかを消すか、別の見出しにしてください。",
            )
            continue
        family[entry.key] = _concept(entry, built)
        built.files[entry.family, entry.key] = entry.file
        turned.extend(_answered_by(entry, built))
    for entry, category, link in turned:
        _turn_round(entry, category, link, built)
    return built


def _concept(entry: Entry, built: Built) -> Concept:
    body = entry.body
    for name in sorted(str(key) for key in body if key not in _FIELDS):
        built.fault(
            entry,
            f"「{name}」という項目はありません。",
            f"使えるのは {'・'.join(sorted(_FIELDS))} です。",
        )
    text = {name: _text(body.get(name)) for name in _TEXT_FIELDS}
    links = {name: tuple(_links(entry, name, built)) for name in LINK_FIELDS}
    return Concept(
        key=entry.key,
        family=entry.family,
        label=text["label"] or "",
        definition=text["definition"] or "",
        broader=text["broader"],
        kana=text["kana"],
        synonyms=tuple(dict.fromkeys(_words(entry, "synonyms", built))),
        traits=frozenset(_words(entry, "traits", built)),
        facts=_facts(entry, "facts", built),
        crosswalk=_facts(entry, "crosswalk", built),
        **links,
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value).strip() or None


def _words(entry: Entry, name: str, built: Built) -> Iterable[str]:
    value = entry.body.get(name)
    if value is None:
        return
    if not isinstance(value, list):
        built.fault(entry, f"{name} が並びになっていません。", "[ , ] で囲んで書いてください。")
        return
    for item in value:
        if isinstance(item, str) and item.strip():
            yield item.strip()
        else:
            built.fault(
                entry,
                f"{name} に言葉でない値「{item}」があります。",
                "数字やはい・いいえに見える言葉は引用符で囲んでください。",
            )


def _facts(entry: Entry, name: str, built: Built) -> Mapping[str, str]:
    value = entry.body.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        built.fault(
            entry, f"{name} が「項目: 値」の形ではありません。", "一行に一つ書いてください。"
        )
        return {}
    return {str(key): _fact(item) for key, item in value.items() if item is not None}


def _fact(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ";".join(str(item) for item in value)
    return str(value)


def _links(entry: Entry, name: str, built: Built) -> Iterable[Link]:
    value = entry.body.get(name)
    if value is None:
        return
    if name not in LINKS[entry.family]:
        built.fault(
            entry, f"この種類に {name} は書けません。", "data/README.md の表を見てください。"
        )
        return
    if not isinstance(value, Mapping):
        built.fault(
            entry,
            f"{name} が「見出し: 重み 理由」の形ではありません。",
            "一行に一つ書いてください。",
        )
        return
    for target, text in value.items():
        link = _link(entry, f"{name} の {target}", str(target), text, built)
        if link is not None:
            yield link


def _link(entry: Entry, where: str, target: str, text: object, built: Built) -> Link | None:
    """Read 「0.7 理由」."""
    weight, _, why = str(text).strip().partition(" ")
    try:
        return Link(key=target, weight=float(weight), why=why.strip())
    except ValueError:
        built.fault(
            entry,
            f"{where} の先頭が重み（0から1の数）ではありません。",
            "「0.7 理由」のように、重み・半角空白・理由の順に書いてください。",
        )
        return None


def _answered_by(entry: Entry, built: Built) -> Iterable[tuple[Entry, str, Link]]:
    value = entry.body.get("answered_by")
    if value is None:
        return
    if entry.family is not Family.NEED or not isinstance(value, Mapping):
        built.fault(
            entry,
            "answered_by が正しくありません。",
            "困りごと（needs）にだけ「資源の種類: 重み 理由」の形で書けます。",
        )
        return
    for category, text in value.items():
        link = _link(entry, f"answered_by の {category}", entry.key, text, built)
        if link is not None:
            yield entry, str(category), link


def _turn_round(entry: Entry, category: str, link: Link, built: Built) -> None:
    concept = built.concepts[Family.CATEGORY].get(category)
    if concept is None:
        built.fault(
            entry,
            f"answered_by の「{category}」という資源の種類はありません。",
            "categories フォルダにある見出しを書いてください。",
        )
        return
    if any(own.key == link.key for own in concept.answers):
        built.fault(
            entry,
            f"「{category}」の answers にも同じつながりがあります。",
            "どちらか一方にだけ書いてください。",
        )
        return
    answers = (*concept.answers, link)
    built.concepts[Family.CATEGORY][category] = replace(concept, answers=answers)
