"""A match result as plain text for a terminal or a paper: what a counsellor reads aloud."""

from collections.abc import Iterator

from matching.result import MatchResult, MemberResult, NeedResult, Outcome, Suggestion

_OUTCOMES = {
    Outcome.AVAILABLE: "ある",
    Outcome.WIDEN: "広げればある",
    Outcome.CREATE: "ない（つくる）",
    Outcome.NOT_NOW: "今は場につながない",
}
_SHOWN_PER_NEED = 3


def outcome_label(outcome: Outcome) -> str:
    """The outcome as screens word it."""
    return _OUTCOMES[outcome]


def render_text(result: MatchResult, *, per_need: int = _SHOWN_PER_NEED) -> str:
    """The whole result as lines of text."""
    return "\n".join(_lines(result, per_need)) + "\n"


def _lines(result: MatchResult, per_need: int) -> Iterator[str]:
    yield f"相談 {result.case_id or '（番号なし）'}　{result.as_of.isoformat()} 時点"
    for emergency in result.emergencies:
        yield f"!! 急ぎます：{emergency}"
    names = _names(result)
    if result.ranking:
        yield ""
        yield "■ 世帯への候補（役に立つ順）"
    for number, ranked in enumerate(result.ranking, start=1):
        who, need = names.get((ranked.member, ranked.need), (ranked.member, ranked.need))
        mark = "急 " if ranked.urgent else ""
        yield f"{number:>3}. {mark}{ranked.name}　［{ranked.score:.2f}］ {who}：{need}"
    for member in result.members:
        yield ""
        yield from _member(member, per_need)
    yield from _pathway(result)
    yield from _team(result)
    yield from _closing(result)


def _names(result: MatchResult) -> dict[tuple[str, str], tuple[str, str]]:
    return {
        (member.id, need.need): (member.role or member.id, label)
        for member in result.members
        for need, label in member.called()
    }


def _member(member: MemberResult, per_need: int) -> Iterator[str]:
    yield f"■ {member.role or member.id}：{member.stage}"
    yield f"   {member.stage_reason}"
    for need, label in member.called():
        yield from _need(need, label, per_need)


def _need(need: NeedResult, label: str, per_need: int) -> Iterator[str]:
    yield f"  ◆ {label}：{outcome_label(need.outcome)}　{need.reason}"
    for suggestion in need.suggestions[:per_need]:
        yield from _suggestion(suggestion)
    for almost in need.almost[:2]:
        for missing in almost.missing[:1]:
            yield (
                f"     あと一歩 {almost.name}：{missing.label}"
                f"（希望 {missing.wanted}／いま {missing.offered}）→ {missing.change}"
            )


def _suggestion(suggestion: Suggestion) -> Iterator[str]:
    place = "・".join(
        x for x in (suggestion.category_label, suggestion.area, _far(suggestion)) if x
    )
    yield f"     {suggestion.score:.2f} {suggestion.name}（{place}）"
    strongest = sorted(suggestion.contributions, key=lambda c: -c.points)[:2]
    yield f"          理由：{'／'.join(c.reason for c in strongest)}"
    if suggestion.introduction:
        yield f"          紹介：{' → '.join(hop.name for hop in suggestion.introduction)}"
    for confirm in suggestion.confirm[:2]:
        phone = f"（電話 {confirm.phone}）" if confirm.phone else ""
        yield f"          要確認：{confirm.question}{phone}"


def _far(suggestion: Suggestion) -> str | None:
    if suggestion.distance_m is None:
        return None
    minutes = f"・{suggestion.minutes}分" if suggestion.minutes is not None else ""
    return f"約{suggestion.distance_m}m{minutes}"


def _pathway(result: MatchResult) -> Iterator[str]:
    if not result.pathway:
        return
    yield ""
    yield "■ すすめ方"
    for step in result.pathway:
        yield f"  {step.step}. {step.what}　［{step.what_with}］"
        yield f"      {step.why}"


def _team(result: MatchResult) -> Iterator[str]:
    if not result.team:
        return
    yield ""
    yield "■ 支援チーム案"
    for one in result.team:
        marks = "・".join(
            m for m in ("主担当案" if one.lead else "", "関わり中" if one.involved else "") if m
        )
        yield f"  {one.name}{f'（{marks}）' if marks else ''}：{one.role}"


def _closing(result: MatchResult) -> Iterator[str]:
    if result.next_questions:
        yield ""
        yield "■ 次に聞くこと"
        for question in result.next_questions:
            yield f"  {question.question}（上位{question.changes}件が変わります）"
    if result.unmet:
        yield ""
        yield "■ 見つからない困りごと（不足として記録できます）"
        for unmet in result.unmet:
            route = "広げる" if unmet.route == "widen" else "つくる"
            where = unmet.department or "担当する所管課が計画にありません"
            yield f"  {unmet.label or unmet.need}：{route}　所管課：{where}{f'（{unmet.program}）' if unmet.program else ''}"
    if result.unresolved:
        yield ""
        yield "■ 読み取れなかった言葉（言いかえて入れ直せます）"
        for item in result.unresolved:
            yield f"  {item.member or '世帯'}・{item.field}：{item.text}"
    yield ""
    yield f"データ {result.data_version}　規則 {result.rules_version}"
