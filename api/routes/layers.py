"""``/api/layers/{key}.geojson``: one layer of the map."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.deps import HereDep
from api.routes import Route
from api.wire.geo import FeatureCollectionWire
from graph.store import Scope
from maps.layer import layer_geojson

router = APIRouter(prefix="/api/layers", tags=["map"])


@router.get("/{key}.geojson")
def layer(
    here: HereDep,
    key: Annotated[str, Path(max_length=60)],
    area: Annotated[str | None, Query(max_length=100, description="区域の名前")] = None,
    public: Annotated[bool, Query(description="公開してよいものだけ")] = False,  # noqa: FBT002 - query flag
) -> FeatureCollectionWire:
    """Rows of the layer; those that can't be drawn have a null geometry and say why."""
    office = here.office
    with office.view(Scope.PUBLIC if public else Scope.OFFICE) as view:
        data = layer_geojson(
            key,
            view,
            vocabulary=office.vocabulary,
            on=office.today,
            area=area or None,
            public=public,
        )
    return FeatureCollectionWire.model_validate(data)


ROUTE = Route(label="地図に重ねる情報", router=router)
