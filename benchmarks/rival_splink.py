"""Splink 5 on the rows written by ``benchmarks.dedup --write``; run in its own environment.

``SPLINK_PYTHON benchmarks/rival_splink.py ROWS.jsonl``. m and u are learned as its guides say
(random sampling, then expectation maximisation); the threshold is the best F1 on the tuning part
and is then used on the part held out.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any


def main(path: Path) -> int:
    """Train, predict for the labelled pairs, print precision and recall."""
    import pandas as pd  # type: ignore[import-untyped] # noqa: PLC0415 - only in the rival's environment
    import splink.comparison_library as cl  # noqa: PLC0415
    from splink import Linker, SettingsCreator, block_on  # noqa: PLC0415
    from splink.backends.duckdb import DuckDBAPI  # noqa: PLC0415

    rows = pd.DataFrame(
        [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    )
    if "truth" in rows:
        return _copies(rows)
    api = DuckDBAPI()
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[*_comparisons(cl), cl.ExactMatch("legal_entity"), cl.ExactMatch("provider")],
        blocking_rules_to_generate_predictions=[block_on("pair")],
        additional_columns_to_retain=["pair", "same", "held"],
    )
    started = time.perf_counter()
    linker = Linker(api.register(rows), settings, log_level=40)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("name", "address")], recall=0.6
    )
    training.estimate_u_using_random_sampling(max_pairs=1e6)
    for rule in (block_on("name"), block_on("address")):
        training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.0).as_pandas_dataframe()
    seconds = time.perf_counter() - started
    scored = {int(r["pair_l"]): float(r["match_weight"]) for r in found.to_dict("records")}
    pairs = rows.drop_duplicates("pair")[["pair", "same", "held"]].to_dict("records")
    table = [(bool(p["same"]), bool(p["held"]), scored.get(int(p["pair"]), -99.0)) for p in pairs]
    best = max((w for _, held, w in table if not held), key=lambda t: _f1(table, t))
    for part in ("tune", "held", "all"):
        some = [(s, w) for s, h, w in table if part == "all" or h == (part == "held")]
        said = f"splink best threshold {best:.2f} {part}: {_say(some, best)}; at p>0.5: {_say(some, 0.0)}"
        print(said)  # noqa: T201 - the result
    print(f"splink {len(pairs)} pairs in {seconds:.1f} s with training")  # noqa: T201
    return 0


def _comparisons(cl: Any) -> list[Any]:  # noqa: ANN401 - a module of the rival's environment
    return [
        cl.JaroWinklerAtThresholds("name", [0.95, 0.88, 0.8]),
        cl.ExactMatch("numbers"),
        cl.ExactMatch("address"),
        cl.ExactMatch("town"),
        cl.ExactMatch("phone"),
        cl.ExactMatch("kind"),
        cl.DistanceInKMAtThresholds("lat", "lon", [0.05, 0.2, 0.5, 2]),
    ]


def _copies(rows: Any) -> int:  # noqa: ANN401 - a data frame
    """Find the copies of ``benchmarks.dedup --copies`` among all rows of the other list."""
    import splink.comparison_library as cl  # noqa: PLC0415 - only in the rival's environment
    from splink import Linker, SettingsCreator, block_on  # noqa: PLC0415
    from splink.backends.duckdb import DuckDBAPI  # noqa: PLC0415

    blocks = [block_on("name"), block_on("phone"), block_on("address"), block_on("town", "kind")]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=_comparisons(cl),
        blocking_rules_to_generate_predictions=blocks,
        additional_columns_to_retain=["truth"],
    )
    api = DuckDBAPI()
    started = time.perf_counter()
    halves = [api.register(rows[rows["copy"] == side]) for side in (False, True)]
    linker = Linker(halves, settings, log_level=40)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("name", "address")], recall=0.5
    )
    training.estimate_u_using_random_sampling(max_pairs=1e6)
    for rule in (block_on("name"), block_on("address")):
        training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
    seconds = time.perf_counter() - started
    right = (found["truth_l"] == found["truth_r"]).to_numpy()
    weights = found["match_weight"].to_numpy()
    count = int((~rows["copy"]).sum())
    steps = sorted({float(w) for w in weights})[:: max(1, len(set(weights)) // 400)]
    best = max(steps, key=lambda t: _f1_of(right, weights >= t, count))
    for label, at in (("best F1", best), ("p>0.5", 0.0)):
        taken = weights >= at
        said = (
            f"P {right[taken].mean():.4f} R {right[taken].sum() / count:.4f} ({taken.sum()} pairs)"
        )
        print(f"splink {label} (weight {at:.1f}) {len(rows)} rows: {said}")  # noqa: T201 - the result
    print(f"splink {len(rows)} rows in {seconds:.1f} s with training")  # noqa: T201 - the result
    return 0


def _f1_of(right: Any, taken: Any, count: int) -> float:  # noqa: ANN401 - arrays of the rival's environment
    return float(2 * right[taken].sum() / (count + taken.sum()))


def _f1(table: list[tuple[bool, bool, float]], threshold: float) -> float:
    tune = [(s, w >= threshold) for s, held, w in table if not held]
    right = sum(s and f for s, f in tune)
    return 2 * right / max(1, sum(s for s, _ in tune) + sum(f for _, f in tune))


def _say(some: list[tuple[bool, float]], threshold: float) -> str:
    right = sum(s for s, w in some if w >= threshold)
    found = sum(w >= threshold for _, w in some)
    real = sum(s for s, _ in some)
    return f"P {right / max(1, found):.3f} R {right / max(1, real):.3f}"


def _arguments() -> Any:  # noqa: ANN401 - one path or usage
    if len(sys.argv) != 2:  # noqa: PLR2004 - one argument
        sys.exit("使い方：rival_splink.py ROWS.jsonl")
    return Path(sys.argv[1])


if __name__ == "__main__":
    sys.exit(main(_arguments()))
