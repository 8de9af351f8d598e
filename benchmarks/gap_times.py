"""The gap analysis of the product over many cases, single relaxations included."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from api.gaps import helpers_here
from benchmarks.generate import DAY
from graph.vocabulary.protocol import Vocabulary
from matching.case import Case
from matching.engine import Matcher
from matching.gaps.helpers import Helpers
from matching.gaps.report import GapContext, gap_report
from matching.gaps.run import HELPED_FROM, needs_of_cases
from matching.owners import Owners

#: The bar of the design is set for so many cases.
BAR_CASES = 10_000


def gap_times(
    matcher: Matcher,
    vocabulary: Vocabulary,
    cases: Sequence[Case],
    step: Callable[[int, int], None] = lambda _done, _total: None,
    *,
    cache: Path | None = None,
) -> dict[str, Any]:
    """Seconds of ``needs_of_cases`` and ``gap_report``, as ``tsunagu gaps`` calls them.

    ``cache``: where the index of the matcher is kept, for further processes; ``None`` = none.
    With fewer cases than the bar's, ``seconds_for_10000`` is worked out from them and says so.
    """
    helpers = Helpers(count=helpers_here(), url=matcher.store.url, cache=cache) if cache else None
    started = time.perf_counter()
    needs = needs_of_cases(matcher, cases, on=DAY, progress=step, helpers=helpers)
    matched_s = time.perf_counter() - started
    with matcher.store.read() as view:
        owners = Owners.load(view, vocabulary)
    context = GapContext(vocabulary=vocabulary, areas=matcher.areas, owners=owners)
    started = time.perf_counter()
    report = gap_report(needs, context, on=DAY)
    report_s = time.perf_counter() - started
    seconds = matched_s + report_s
    return {
        "cases": len(cases),
        "processes": 1 + helpers.count if helpers and len(cases) >= HELPED_FROM else 1,
        "seconds": round(seconds, 2),
        "report_s": round(report_s, 2),
        "seconds_for_10000": round(seconds * BAR_CASES / len(cases), 1),
        "measured_whole": len(cases) >= BAR_CASES,
        "asked": report.asked,
        "available": report.available,
        "widen": report.widen,
        "create": report.create,
        "not_now": report.not_now,
        "single_changes": len(report.widenings),
    }
