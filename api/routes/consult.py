"""``/consult/…``: a case on the desk, its candidates with reasons, and what was decided."""

from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.case_form import answered, read_form
from api.consult import OpenCase, match_case
from api.deps import FormDep, HereDep
from api.routes import Route
from api.unmet import record_unmet
from api.web import consult_view as view
from api.web.lists import FIELD_LISTS, case_lists
from api.web.pages import render
from matching.result import MatchResult

router = APIRouter(prefix="/consult", include_in_schema=False)


@router.get("/{token}", response_class=HTMLResponse)
def show(here: HereDep, token: str, tab: str = "fits", need: str | None = None) -> HTMLResponse:
    """Left what we know, right what follows."""
    opened = here.case(token)
    # 一つの困りごとを選んだときと、あと一歩を見るときは、困りごとの多い世帯でも短くしない。
    result = match_case(here.office, opened.confirmed, full=need is not None or tab == view.ALMOST)
    context = _context(opened, result, tab=tab, need=need)
    context |= {"token": token, "lists": case_lists(here.office, here.catalogue)}
    return render(here.request, "consult/result.html", context)


def _context(
    opened: OpenCase, result: MatchResult, *, tab: str, need: str | None
) -> dict[str, Any]:
    needs = view.need_tabs(result)
    chosen = need if any(n.key == need for n in needs) else None
    entries = view.entries(result, chosen)
    almosts = view.almosts(result, chosen)
    return {
        "case": opened.case,
        "members": [_card(opened, m) for m in opened.case.members],
        "memo": view.memo_pieces(opened) if opened.case.memo else None,
        "masked": view.masked_words(opened),
        "unread": result.unresolved,
        "result": result,
        "not_now": any(n.outcome == "not_now" for m in result.members for n in m.needs),
        "question": next(iter(result.next_questions), None),
        "needs": needs,
        "names": {n.key: f"{n.member}：{n.label}" for n in needs},
        "chosen": chosen,
        "tab": tab if tab in view.TABS else "fits",
        "tabs": (
            ("fits", "合うもの", len(entries)),
            (view.ALMOST, "あと一歩", None if result.shortened else len(almosts)),
            ("excluded", "合わないもの", None),
            ("unmet", "見つからない困りごと", len(result.unmet)),
        ),
        "entries": entries,
        "almosts": almosts,
        "excluded": view.excluded(result, chosen),
        "recorded": opened.recorded,
        "link": view.link,
    }


def _card(opened: OpenCase, member: Any) -> dict[str, Any]:  # noqa: ANN401 - Member, read field by field
    return {
        "id": member.id,
        "role": member.role,
        "age": view.age_text(member),
        "gender": member.gender,
        "readiness": member.readiness,
        "possible": view.chips(opened, member, "possible"),
        "rows": [
            {"name": name, "list": FIELD_LISTS[name], "chips": view.chips(opened, member, name)}
            for name in view.SHOWN_FIELDS
        ],
    }


@router.post("/{token}")
def edit(here: HereDep, token: str, form: FormDep) -> Response:
    """Take over the form as it stands, with the pressed button's change."""
    opened = here.case(token)
    read = read_form(form)
    if opened.case.memo:
        read.data["memo"] = opened.case.memo
    here.keep(token, replace(opened, case=read.case()))
    return _back(token, form.get("tab"), form.get("need"))


@router.post("/{token}/answer")
def answer(here: HereDep, token: str, form: FormDep) -> Response:
    """Write the answer to 次に聞くこと into the case."""
    opened = here.case(token)
    given = str(form.get("answer") or "")
    here.keep(token, replace(opened, case=answered(opened.case, given)))
    return _back(token)


@router.post("/{token}/unmet")
def unmet(here: HereDep, token: str, form: FormDep) -> Response:
    """Record a need without a place: need, area, month, group and reason; never who."""
    opened = here.case(token)
    done = record_unmet(
        here.office, opened, str(form.get("key") or ""), str(form.get("reason") or "")
    )
    here.keep(token, done)
    return _back(token, "unmet")


@router.post("/{token}/close")
def close(here: HereDep, token: str, form: FormDep) -> Response:
    """Forget the case now."""
    del form
    here.cases.drop(here.session, token)
    return RedirectResponse("/", status_code=303)


def _back(token: str, tab: object = None, need: object = None) -> RedirectResponse:
    query = {"tab": tab, "need": need}
    words = {key: value for key, value in query.items() if isinstance(value, str)}
    return RedirectResponse(view.link(token, **words), status_code=303)


ROUTE = Route(label="世帯に合う候補を、理由とともに見る", router=router)
