"""What a person may choose about an import."""

from dataclasses import dataclass, field

from ingest.geocode import OnlineGeocoder
from ingest.mapping import Mapping
from ingest.schema import Kind
from ingest.source import DEFAULT_LIMITS, Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """Options of ``tsunagu import`` (interfaces §2), the same for the web app.

    ``municipality`` is a 市区町村コード or the name of a stored area: the area of open data that
    names none. ``mappings`` come before the shipped ones (those an office saved). ``dataset``
    names the source this file is a new edition of. ``whole`` = the file holds all rows of its
    source, so that the rest has vanished (``None`` = decided from how many rows it shares).
    ``online`` geocoders are asked only when given; none is by default. With ``lenient`` a file that
    can't be taken is reported with its ``error`` also when it was named, and the others are taken.
    """

    format: str | None = None
    mapping: str | None = None
    kind: Kind | None = None
    municipality: str | None = None
    dry_run: bool = False
    dataset: str | None = None
    whole: bool | None = None
    duplicates: bool = True
    actor: str = "import"
    lenient: bool = False
    mappings: tuple[Mapping, ...] = ()
    online: tuple[OnlineGeocoder, ...] = ()
    limits: Limits = field(default_factory=lambda: DEFAULT_LIMITS)
