"""HTML: one page for a screen or for print, nothing outside it."""

from jinja2 import Environment, PackageLoader, StrictUndefined

from matching.gaps.report import GapReport
from reports.tables import summary, tables
from reports.writer import GapWriter

_ENVIRONMENT = Environment(
    loader=PackageLoader("reports", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(report: GapReport) -> str:
    """The page; every value is escaped."""
    template = _ENVIRONMENT.get_template("gaps.html")
    return template.render(report=report, summary=list(summary(report)), tables=tables(report))


def render(report: GapReport) -> bytes:
    """The page as UTF-8."""
    return page(report).encode()


WRITER = GapWriter(
    suffix=".html", label="HTML", media_type="text/html; charset=utf-8", render=render
)
