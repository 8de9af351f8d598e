"""``/imports/pairs``: possible duplicates one by one: look, judge, undo."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from api.deps import FormDep, Here, HereDep
from api.errors import WireError, wire
from api.paging import page_of
from api.pairs import decided, in_words, read_pair
from api.routes import Route
from api.web.import_view import tabs
from api.web.pages import render
from graph.errors import InputError, NotFoundError
from graph.model.element import NodeKind, Ref
from graph.model.provenance import Judgement
from ingest.decisions import get_decision
from ingest.edit import decide_pair, undo_decision

router = APIRouter(prefix="/imports/pairs", include_in_schema=False)

NOTES = (
    "記録を見くらべた",
    "電話で確かめた",
    "現地で確かめた",
    "同じ団体の別の活動",
    "場所が同じだけで別の団体",
    "名称が変わった",
)
_JUDGEMENTS = {"same": Judgement.SAME, "different": Judgement.DIFFERENT}
_LONGEST = 500
_PageNumber = Annotated[int, Query(ge=1, le=100_000)]
_Key = Annotated[str, Query(max_length=64)]


@router.get("", response_class=HTMLResponse)
def index(here: HereDep, page: _PageNumber = 1, done: _Key = "") -> HTMLResponse:
    """The pairs that wait, the most alike first."""
    found = page_of(here.waiting.all().pairs, page)
    context = {"page": found, "done": _done(here, done), **tabs(here, "pairs")}
    return render(here.request, "imports/pairs.html", context)


@router.get("/decided", response_class=HTMLResponse)
def made(here: HereDep, page: _PageNumber = 1) -> HTMLResponse:
    """The decisions that were made, newest first, each with its undo."""
    with here.office.view() as view:
        found = page_of(decided(view), page)
        rows = in_words(view, found.items)
    context = {"page": found, "rows": rows, **tabs(here, "pairs")}
    return render(here.request, "imports/decided.html", context)


@router.get("/{key}", response_class=HTMLResponse)
def show(here: HereDep, key: str, done: _Key = "") -> HTMLResponse:
    """One pair side by side; ``done`` is the decision just made."""
    return _page(here, key, done=done)


@router.post("/{key}")
def judge(here: HereDep, key: str, form: FormDep) -> Response:
    """「同じもの」「別のもの」 with who and why; then the next pair."""
    try:
        decision = _judge(here, key, form)
    except InputError as error:
        typed = {name: str(form.get(name) or "") for name in ("by", "note")}
        return _page(here, key, typed=typed, error=wire(error, here.number))
    rest = here.waiting.all().pairs
    after = f"/imports/pairs/{rest[0].key}" if rest else "/imports/pairs"
    return RedirectResponse(f"{after}?done={decision}", status_code=303)


@router.post("/{key}/undo")
def undo(here: HereDep, key: str, form: FormDep) -> Response:
    """Take a decision back; the pair waits again."""
    by = here.call(str(form.get("by") or here.who or "職員"))
    _check_undo(here, key)
    undo_decision(
        here.office.store,
        key,
        by=by,
        now=here.office.now(),
        vocabulary=here.office.vocabulary,
        to=Judgement.REVIEW,
    )
    return RedirectResponse(f"/imports/pairs/{key}", status_code=303)


def _judge(here: Here, key: str, form: FormData) -> str:
    judgement = _JUDGEMENTS.get(str(form.get("do")))
    pair = here.waiting.pair(key)
    if pair is None:
        raise NotFoundError(
            "この組には、もう答えが出ています。",
            hint="一覧を開き直してください。ほかの人が決めたか、取込で変わりました。",
        )
    if judgement is None:
        raise InputError(
            "同じか別かが選ばれていません。", hint="「同じもの」か「別のもの」を押してください。"
        )
    by = here.call(str(form.get("by") or ""))
    note = " ".join(str(form.get("note") or "").split())[:_LONGEST]
    if not note:
        raise InputError(
            "そう決めたわけが空です。",
            hint="あとの人が分かるように、一言でも書いてください（例：電話で確かめた）。",
        )
    decision = decide_pair(
        here.office.store,
        pair.left,
        pair.right,
        judgement,
        by=by,
        now=here.office.now(),
        vocabulary=here.office.vocabulary,
        note=note,
    )
    return decision.id


def _check_undo(here: Here, key: str) -> None:
    """A merge can be parted while the thing that stands for it is there."""
    with here.office.view() as view:
        held = get_decision(view, key)
        there = view.get(Ref(NodeKind.RESOURCE, held.left)) is not None
    if held.judgement is Judgement.SAME and not there:
        raise InputError(
            "まとめた先が、さらに別のものとまとめられています。",
            hint="先に、新しいほうの判断を取り消してから、もう一度押してください。",
            code="undo_newer_first",
        )


def _page(
    here: Here,
    key: str,
    *,
    typed: dict[str, str] | None = None,
    error: WireError | None = None,
    done: str = "",
) -> HTMLResponse:
    pairs = here.waiting.all().pairs
    place = next((n for n, pair in enumerate(pairs) if pair.key == key), None)
    following = pairs[(place + 1) % len(pairs)].key if place is not None and len(pairs) > 1 else ""
    context: dict[str, Any] = {
        "pair": read_pair(here.office, here.catalogue, here.waiting, key),
        "place": place,
        "left_over": len(pairs),
        "following": following,
        "notes": NOTES,
        "who": here.who,
        "typed": typed or {},
        "error": error,
        "done": _done(here, done),
        **tabs(here, "pairs"),
    }
    status = 200 if error is None else 422
    return render(here.request, "imports/pair.html", context, status=status)


def _done(here: Here, key: str) -> object:
    """The decision just made, in words."""
    if not key:
        return None
    with here.office.view() as view:
        try:
            held = get_decision(view, key)
        except NotFoundError:
            return None
        return in_words(view, [held])[0] if held.judgement is not Judgement.REVIEW else None


ROUTE = Route(label="重複の疑いを見くらべて決める", router=router)
