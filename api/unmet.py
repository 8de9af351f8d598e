"""Records a need that found no place: counted without identity, with who said so."""

import uuid
from collections.abc import Mapping
from dataclasses import replace

from api.consult import OpenCase, match_case
from api.office import Office
from graph.errors import InputError
from graph.model.codec import to_node
from graph.model.unmet import Evidence, Route, UnmetReason, UnmetRecord
from matching.gaps.unmet import group_of

_ACTOR = "office"

#: Where each reason leads (casework §4). What the person declined is never a gap.
ROUTE_OF: Mapping[UnmetReason, Route] = {
    UnmetReason.NONE_EXISTS: Route.CREATE,
    UnmetReason.LACK_OF_RESOURCES: Route.CREATE,
    UnmetReason.NOT_ELIGIBLE: Route.WIDEN,
    UnmetReason.OUT_OF_AREA: Route.WIDEN,
    UnmetReason.SCHEDULE: Route.WIDEN,
    UnmetReason.NO_CAPACITY: Route.WIDEN,
    UnmetReason.WAITLIST: Route.WIDEN,
    UnmetReason.ACCESSIBILITY_LANGUAGE: Route.WIDEN,
    UnmetReason.TRANSPORT: Route.SUPPORT,
    UnmetReason.COST: Route.SUPPORT,
    UnmetReason.MISSING_DOCUMENT: Route.SUPPORT,
    UnmetReason.DECLINED_BY_PERSON: Route.NONE,
    UnmetReason.DECLINED_BY_PROVIDER: Route.FOLLOW,
    UnmetReason.NO_CONTACT: Route.FOLLOW,
    UnmetReason.INFO_STALE: Route.FOLLOW,
    UnmetReason.OTHER: Route.NONE,
}


def record_unmet(office: Office, opened: OpenCase, key: str, reason: str) -> OpenCase:
    """Keep ``member:need`` of the case as missing; gives the case with it marked as recorded.

    Raises InputError when the need is not among the unmet ones or the reason is not on the list.
    """
    result = match_case(office, opened.confirmed)
    found = next((u for u in result.unmet if f"{u.member}:{u.need}" == key), None)
    if found is None:
        raise InputError(
            "その困りごとは、もう見つからない困りごとの中にありません。",
            hint="画面を読み込み直して、いまの結果を確かめてください。",
        )
    why = _reason(reason)
    with office.lock:
        household = office.matcher.household(opened.confirmed, on=result.as_of)
    person = next(p for p in household.persons if p.id == found.member)
    record = UnmetRecord(
        id=f"unmet-{uuid.uuid4().hex[:20]}",
        need=found.need,
        area_id=household.areas[0] if household.areas else None,
        month=f"{result.as_of.year:04d}-{result.as_of.month:02d}",
        group=group_of(person, office.vocabulary),
        reason=why,
        route=ROUTE_OF[why],
        evidence=Evidence.REPORTED,
    )
    with office.store.write(actor=_ACTOR) as writer:
        writer.put([to_node(record)])
    return replace(opened, recorded=opened.recorded | {(found.member, found.need)})


def _reason(text: str) -> UnmetReason:
    try:
        return UnmetReason(text)
    except ValueError:
        raise InputError(
            "理由を読み取れませんでした。", hint="一覧から理由を一つ選んでください。"
        ) from None
