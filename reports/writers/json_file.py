"""JSON: the report as it is, for other programs; small numbers are withheld here as well."""

import json
from typing import Any

from matching.gaps.cells import few
from matching.gaps.report import GapReport
from matching.result import to_json
from reports.writer import GapWriter


def as_json(report: GapReport) -> dict[str, Any]:
    """Plain JSON values; withheld counts are ``null``."""
    data: dict[str, Any] = to_json(report)
    for part in ("needs", "widenings", "creations", "departments"):
        data[part] = [_withheld(line, report.threshold) for line in data[part]]
    data["reasons"] = _withheld(data["reasons"], report.threshold)
    return data


def render(report: GapReport) -> bytes:
    """The same as UTF-8 text."""
    return (json.dumps(as_json(report), ensure_ascii=False, indent=2) + "\n").encode()


def _withheld(line: dict[str, Any], threshold: int) -> dict[str, Any]:
    return {
        key: few(value, threshold) if isinstance(value, int) else value
        for key, value in line.items()
    }


WRITER = GapWriter(suffix=".json", label="JSON", media_type="application/json", render=render)
