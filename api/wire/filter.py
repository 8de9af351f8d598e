"""The query string of a list of resources; the same for page, map and API."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.catalogue import Filter


class FilterQuery(BaseModel):
    """What to narrow the list to. All given conditions hold together."""

    model_config = ConfigDict(extra="ignore")

    q: Annotated[str, Field(max_length=200, description="名前・かな・ことば・区域")] = ""
    category: Annotated[str | None, Field(max_length=100, description="分類のキー")] = None
    need: Annotated[str | None, Field(max_length=100, description="困りごとのキー")] = None
    area: Annotated[str | None, Field(max_length=100, description="区域ID")] = None
    reach: Annotated[bool, Field(description="区域の外にあって使えるものも含める")] = False
    state: Annotated[
        str | None, Field(max_length=20, description="stale・no_point・confidential")
    ] = None
    page: Annotated[int, Field(ge=1, le=100_000, description="ページ（1から）")] = 1

    def filter(self, *, public: bool = False) -> Filter:
        """The filter of the catalogue."""
        return Filter(
            q=self.q.strip(),
            category=self.category or None,
            need=self.need or None,
            area=self.area or None,
            reach=self.reach,
            state=self.state or None,
            public=public,
        )

    def without_page(self) -> dict[str, str]:
        """The query again, for links to other pages of the same list."""
        named = ("q", "category", "need", "area", "state")
        query = {name: str(getattr(self, name)) for name in named if getattr(self, name)}
        return query | ({"reach": "true"} if self.reach else {})
