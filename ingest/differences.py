"""What a preview shows: which field of which thing would change, from what to what."""

from collections.abc import Iterator

from graph.model.element import NodeKind
from graph.model.values import Point
from graph.store import View
from ingest.build import Built
from ingest.report import Difference

_SILENT = ("updated_at", "source")
_SHOWN = (NodeKind.RESOURCE, NodeKind.CONTACT, NodeKind.AREA, NodeKind.PROGRAM, NodeKind.FACILITY)
_LONG = 200


def differences(view: View, built: Built, *, new: bool) -> Iterator[Difference]:
    """Differences between a built thing and the stored one."""
    name = str(built.nodes[0].props.get("name", ""))
    if new:
        yield Difference(id=built.ref.id, name=name, action="added")
        return
    for node in built.nodes:
        held = view.get(node.ref)
        if node.kind not in _SHOWN or held is None:
            continue
        for field in sorted({*held.props, *node.props} - set(_SILENT)):
            before, after = held.props.get(field), node.props.get(field)
            if before != after:
                yield Difference(
                    id=built.ref.id,
                    name=name,
                    action="changed",
                    field=field,
                    before=_text(before),
                    after=_text(after),
                )


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, Point):
        return f"{value.lat},{value.lon}"
    text = "、".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return text if len(text) <= _LONG else text[:_LONG] + "…"
