"""A case as it may be sent: almost everything optional, ordinary words everywhere.

What can't be understood is returned in ``unresolved``, so the shapes here are wide on purpose.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Words = Annotated[list[str] | str | None, Field(description="ふだんの言葉。いくつでも")]
Number = float | str | None


class PointIn(BaseModel):
    """A place, WGS 84."""

    model_config = ConfigDict(extra="ignore")

    lat: float | str
    lon: float | str


class TravelIn(BaseModel):
    """How the household gets about."""

    model_config = ConfigDict(extra="ignore")

    modes: Words = None
    max_minutes: Number = None


class MemberIn(BaseModel):
    """One person of the household."""

    model_config = ConfigDict(extra="ignore")

    id: str | None = None
    role: str | None = None
    age: Number = None
    age_band: str | None = None
    gender: str | None = None
    attributes: Words = None
    needs: Words = None
    wishes: Words = None
    strengths: Words = None
    barriers: Words = None
    can_give: Words = None
    free: Words = None
    possible: Words = None
    readiness: str | None = None


class CaseIn(BaseModel):
    """A household (interfaces §4). Give ``members`` or ``memo``. No names."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "examples": [
                {
                    "case_id": "C-2026-0012",
                    "on": "2026-11-20",
                    "area": "川辺区",
                    "members": [
                        {"id": "m1", "role": "本人", "age": 62, "needs": ["日中の居場所"]},
                    ],
                }
            ]
        },
    )

    case_id: str | None = None
    on: str | None = None
    area: str | None = None
    point: PointIn | None = None
    consent: str | None = None
    memo: str | None = None
    travel: TravelIn | None = None
    members: list[MemberIn] | None = None
    already: Words = None

    def data(self) -> dict[str, Any]:
        """What was given, for :func:`matching.case.parse_case`."""
        return self.model_dump(exclude_none=True)


class MemoIn(BaseModel):
    """A memo in ordinary words."""

    memo: Annotated[str, Field(min_length=1, max_length=20_000, description="相談メモ")]
