"""``/api/events``: what changed in the store, as server-sent events, from the change feed."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Header, Query
from fastapi.responses import StreamingResponse

from api.deps import HereDep
from api.routes import Route
from graph.errors import StoreError
from graph.store import Change, GraphStore

router = APIRouter(prefix="/api", tags=["events"])

_POLL_S = 0.5
_BEAT = 30
_AT_ONCE = 500


@router.get(
    "/events",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def events(
    here: HereDep,
    after: Annotated[int | None, Query(ge=0, description="この番号より後（既定は今から）")] = None,
    once: Annotated[bool, Query(description="いまある分だけ送って終わる")] = False,  # noqa: FBT002 - query flag
    last_event_id: Annotated[str | None, Header()] = None,
) -> StreamingResponse:
    """Kinds and ids of what changed; never what it holds. ``reset`` = read everything again."""
    store = here.office.store
    head = await to_thread.run_sync(store.head)
    start = head if after is None else after
    if last_event_id is not None and last_event_id.isdecimal():
        start = int(last_event_id)
    stream = _stream(store, min(start, head), once=once)
    return StreamingResponse(stream, media_type="text/event-stream")


async def _stream(store: GraphStore, after: int, *, once: bool) -> AsyncIterator[str]:
    quiet = 0
    yield "retry: 2000\n\n"
    while True:
        try:
            found = await to_thread.run_sync(store.changes, after, _AT_ONCE)
        except StoreError:
            # 追いつけないほど遅れたので、読み直しを頼んで今から続ける。
            after = await to_thread.run_sync(store.head)
            yield f"id: {after}\nevent: reset\ndata: {{}}\n\n"
            continue
        if found:
            after, quiet = found[-1].seq, 0
            yield _event(found)
            continue
        if once:
            return
        quiet += 1
        if quiet % _BEAT == 0:
            yield ": まだ続いています\n\n"
        await asyncio.sleep(_POLL_S)


def _event(changes: Sequence[Change]) -> str:
    touched = sorted({(str(c.source.kind), c.source.id) for c in changes})
    data = json.dumps([{"kind": kind, "id": key} for kind, key in touched], ensure_ascii=False)
    return f"id: {changes[-1].seq}\nevent: change\ndata: {data}\n\n"


ROUTE = Route(label="保存先の変化を知らせる", router=router)
