"""Wire models of the health paths."""

from pydantic import BaseModel


class Health(BaseModel):
    """The process answers."""

    status: str


class Ready(BaseModel):
    """The store answers: its schema version and newest change."""

    status: str
    schema_version: int
    head: int
