"""``/map``: list and map of the same filter, always both."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, JSONResponse

from api.catalogue_rows import Row
from api.deps import HereDep
from api.routes import Route
from api.routes.resources_pages import STATES
from api.web.lists import area_options
from api.web.pages import render
from api.wire.filter import FilterQuery
from api.wire.geo import FeatureCollectionWire
from graph.errors import NotFoundError
from graph.vocabulary.concept import Family
from maps.layer import layers
from maps.sheet import Mark
from maps.symbols import MARKS, OTHER, OUTLINES, mark_of

router = APIRouter()

#: On the map page only the first rows are listed; the map shows all.
_LISTED = 200
_LAYERS_BESIDE = ("areas", "contacts", "reach", "stale", "shelters", "unmet")


@router.get("/map", response_class=HTMLResponse, include_in_schema=False)
def show(here: HereDep, query: Annotated[FilterQuery, Query()]) -> HTMLResponse:
    """The page; its map is drawn from ``/api/resources.geojson`` with the same query."""
    wanted = query.filter()
    rows = here.catalogue.select(wanted)
    context = {
        "search": wanted.q,
        "wanted": wanted,
        "rows": rows[:_LISTED],
        "total": len(rows),
        "placed": sum(1 for row in rows if row.point is not None),
        "categories": here.catalogue.categories(),
        "areas": area_options(here.office),
        "needs": here.office.vocabulary.concepts(Family.NEED),
        "states": STATES,
        "is_stale": here.catalogue.is_stale,
        "query": query.without_page(),
        "marks": [(mark, OUTLINES[mark.shape]) for mark in (*MARKS.values(), OTHER)],
        "layers": [layer for key, layer in layers().items() if key in _LAYERS_BESIDE],
    }
    return render(here.request, "map.html", context)


@router.get(
    "/api/resources.geojson", tags=["map"], responses={200: {"model": FeatureCollectionWire}}
)
def points(here: HereDep, query: Annotated[FilterQuery, Query()]) -> JSONResponse:
    """The filtered resources as points; what has no place is in the list only."""
    rows = [row for row in here.catalogue.select(query.filter()) if row.point is not None]
    marks = {key: _mark(here, key) for key in {row.category for row in rows}}
    features = [_feature(row, marks[row.category]) for row in rows]
    return JSONResponse({"type": "FeatureCollection", "features": features})


def _mark(here: HereDep, category: str | None) -> Mark:
    try:
        return mark_of(category, here.office.vocabulary)
    except NotFoundError:
        return OTHER


def _feature(row: Row, mark: Mark) -> dict[str, Any]:
    assert row.point is not None  # noqa: S101 - filtered by the caller
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [row.point.lon, row.point.lat]},
        "properties": {
            "id": row.id,
            "name": row.name,
            "category": row.category_label,
            "when": row.schedule,
            "mark": mark.key,
            "letter": mark.letter,
            "outline": OUTLINES[mark.shape],
            "colour": mark.colour,
        },
    }


ROUTE = Route(
    label="地図と一覧を同じ絞り込みで見る", router=router, menu="地図", path="/map", order=20
)
