"""JSON: the report as it is, for other programs."""

import json

from matching.gaps.report import GapReport
from matching.result import to_json
from reports.writer import GapWriter


def render(report: GapReport) -> bytes:
    """UTF-8 JSON; withheld counts are ``null``."""
    return (json.dumps(to_json(report), ensure_ascii=False, indent=2) + "\n").encode()


WRITER = GapWriter(suffix=".json", label="JSON", media_type="application/json", render=render)
