"""A resource as the API lists and shows it."""

from datetime import date

from pydantic import BaseModel, Field

from api.catalogue_rows import Row
from api.resources import Detail


class ResourceRow(BaseModel):
    """One line of the list. A confidential place has neither address nor point."""

    id: str
    name: str
    category: str | None
    category_label: str
    needs: list[str]
    area: str | None = Field(description="場所のある区域")
    address: str | None
    lat: float | None
    lon: float | None
    schedule: str | None
    cost: str | None
    phone: str | None
    publication: str
    status: str | None
    assured_date: date | None

    @classmethod
    def of(cls, row: Row) -> "ResourceRow":
        """From a row of the catalogue."""
        return cls(
            id=row.id,
            name=row.name,
            category=row.category,
            category_label=row.category_label,
            needs=sorted(row.needs),
            area=row.place,
            address=row.address,
            lat=row.point.lat if row.point else None,
            lon=row.point.lon if row.point else None,
            schedule=row.schedule,
            cost=row.cost,
            phone=row.phone,
            publication=str(row.publication),
            status=str(row.status) if row.status else None,
            assured_date=row.assured,
        )


class ResourcePage(BaseModel):
    """A page of the list."""

    items: list[ResourceRow]
    page: int
    pages: int
    total: int


class FieldOut(BaseModel):
    """A column of the ledger: what stands, and who says so."""

    name: str
    label: str
    text: str
    source: str | None


class ResourceOut(BaseModel):
    """One resource whole."""

    id: str
    name: str
    category: str | None
    category_label: str
    publication: str
    status: str | None
    assured_date: date | None
    assured_method: str | None
    organization: str | None
    department: str | None
    contacts: list[str]
    areas: list[str]
    fields: list[FieldOut]
    version: str

    @classmethod
    def of(cls, detail: Detail) -> "ResourceOut":
        """From a detail."""
        resource = detail.resource
        return cls(
            id=resource.id,
            name=resource.name,
            category=resource.category,
            category_label=detail.category_label,
            publication=str(resource.publication),
            status=str(resource.status) if resource.status else None,
            assured_date=resource.assured_date,
            assured_method=resource.assured_method,
            organization=detail.organization.name if detail.organization else None,
            department=detail.department.name if detail.department else None,
            contacts=[contact.name for contact in detail.contacts],
            areas=list(detail.areas),
            fields=[
                FieldOut(name=f.name, label=f.label, text=f.text, source=f.source)
                for f in detail.fields
                if f.text
            ],
            version=detail.version,
        )


class VerifyIn(BaseModel):
    """A check by a person: how, and when (today if left out)."""

    method: str = Field(min_length=1, max_length=100, description="確かめ方", examples=["電話"])
    on: date | None = Field(default=None, description="確かめた日")


class CorrectIn(BaseModel):
    """Corrections by ledger field; an empty text empties the field."""

    fields: dict[str, str] = Field(
        max_length=60, description="項目名と内容", examples=[{"phone": "040-000-0000"}]
    )
    version: str | None = Field(default=None, max_length=200, description="読んだときの版")
