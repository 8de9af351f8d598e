"""``/consult/…/print``, ``/compare``, ``/why``: what is taken to a meeting, and close looks."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.consult import explain, match_case
from api.deps import FormDep, HereDep
from api.routes import Route
from api.web import consult_view as view
from api.web.pages import render
from graph.errors import InputError
from matching.result import MatchResult

router = APIRouter(prefix="/consult", include_in_schema=False)
_TWO = 2
#: Candidates told in full on paper; the rest are named, so that a meeting has two or three sheets.
_DETAILED = 10


@router.get("/{token}/print", response_class=HTMLResponse)
def paper(here: HereDep, token: str) -> HTMLResponse:
    """会議資料: the whole result with data and rules version."""
    opened = here.case(token)
    result = match_case(here.office, opened.confirmed, full=True)
    needs = view.need_tabs(result)
    context = {
        "token": token,
        "case": opened.case,
        "members": [(m, view.age_text(m)) for m in opened.case.members],
        "fields": view.SHOWN_FIELDS,
        "unasked": view.unasked(opened.case),
        "detailed": _DETAILED,
        "result": result,
        "entries": view.entries(result, None),
        "almosts": view.almosts(result, None),
        "names": {n.key: f"{n.member}：{n.label}" for n in needs},
    }
    return render(here.request, "consult/print.html", context)


@router.post("/{token}/compare", response_class=HTMLResponse)
def compare(here: HereDep, token: str, form: FormDep) -> HTMLResponse:
    """Two candidates side by side, criterion by criterion."""
    picked = [value for value in form.getlist("pick") if isinstance(value, str)]
    if len(picked) != _TWO:
        raise InputError(
            f"くらべる候補が{len(picked)}件選ばれています。",
            hint="前の画面で「くらべる」に二つだけ印を付けて、もう一度押してください。",
        )
    result = match_case(here.office, here.case(token).confirmed, full=True)
    pair = [_picked(result, value) for value in picked]
    rows = [c.criterion for c in pair[0].suggestion.contributions]
    by_criterion = [{c.criterion: c for c in e.suggestion.contributions} for e in pair]
    rows += [key for key in by_criterion[1] if key not in rows]
    context = {"token": token, "pair": pair, "rows": rows, "by_criterion": by_criterion}
    return render(here.request, "consult/compare.html", context)


def _picked(result: MatchResult, value: str) -> view.Entry:
    need, _, resource = value.partition("|")
    for entry in view.entries(result, need):
        if entry.suggestion.resource_id == resource:
            return entry
    raise InputError(
        "選んだ候補は、いまの結果にありません。",
        hint="前の画面を読み込み直して選び直してください。",
    )


@router.post("/{token}/why", response_class=HTMLResponse)
def why(here: HereDep, token: str, form: FormDep) -> HTMLResponse:
    """Why a resource is, or is not, among the candidates: every gate and criterion."""
    asked = str(form.get("resource") or "").strip()
    if not asked:
        raise InputError("調べる資源の名前が空です。", hint="名前を入れてから押してください。")
    opened = here.case(token)
    answer = explain(here.office, asked, opened.confirmed)
    people = {m.id: m.role or m.id for m in opened.case.members}
    names = {
        f"{n.member}:{n.need}": f"{people.get(n.member, n.member)}：{n.label}" for n in answer.needs
    }
    context = {"token": token, "asked": asked, "why": answer, "names": names}
    return render(here.request, "consult/why.html", context)


ROUTE = Route(label="会議資料・くらべる・なぜ合わないか", router=router)
