"""What the engine knows about one resource: the record, and what its edges say."""

from dataclasses import dataclass

from graph.model.resource import AreaScope, Publication, Resource
from graph.model.values import Point
from graph.vocabulary.concept import Concept


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceCard:
    """A resource with its place, its served areas, who offers it and who introduces to it.

    ``served``: ids of SERVES edges; ``None`` = not known (no edge and no statement). ``point`` is
    ``None`` where the place is not known or must not be known (HIDDEN_AT is never read);
    ``point_is_rough`` when only the middle of its town or city stands in for it.
    """

    resource: Resource
    category: Concept | None = None
    served: frozenset[str] | None = None
    point: Point | None = None
    point_is_rough: bool = False
    organization: str | None = None
    organization_id: str | None = None
    organization_phone: str | None = None
    contacts: tuple[str, ...] = ()
    organization_has_contact: bool = False

    @property
    def id(self) -> str:
        """Resource id."""
        return self.resource.id

    @property
    def phone(self) -> str | None:
        """Where to ask: the resource's own number, else its organisation's."""
        return self.resource.phone or self.organization_phone

    @property
    def anywhere(self) -> bool:
        """Whether where a person lives does not matter."""
        return self.resource.area_scope is AreaScope.ANYWHERE

    @property
    def hidden(self) -> bool:
        """Whether its place is confidential."""
        return self.resource.publication is Publication.CONFIDENTIAL_LOCATION

    @property
    def remote(self) -> bool:
        """Known to be usable without going there (online, visits, telephone)."""
        resource = self.resource
        by_kind = self.category is not None and "outreach" in self.category.traits
        return bool(resource.online or resource.outreach or by_kind)

    def trait(self, name: str) -> bool:
        """Whether its category carries a trait."""
        return self.category is not None and name in self.category.traits

    def fact(self, name: str) -> str | None:
        """A fact of its category."""
        return self.category.facts.get(name) if self.category is not None else None
