"""The benchmark's figures for people, and how they grow with the number of resources."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from benchmarks.compare import ORACLE, SLOW, TOP

REFUSED = "答えが一致しないため、速さは出しません。"
_NAMES = {
    "tsunagu": "つなぐ",
    "numpy_scan": "NumPy全件",
    "postgis": "PostGIS",
    "neo4j": "Neo4j",
    "networkx": "NetworkX",
}
#: Getting ready is told when it takes this many milliseconds.
_TOLD_FROM = 0.05
_PERCENTILES = ("p50_ms", "p95_ms", "p99_ms")


def table(report: dict[str, Any]) -> str:
    """One size."""
    lines = [_head(report)]
    if not report["agree"]:
        lines.append(REFUSED)
    for group, title in (("engines", "ふつうの問い"), ("hard", "難しい問い")):
        lines.append(f"{title}（上位{TOP}件、初めて尋ねたときのミリ秒）")
        lines.extend(_engine_lines(report[group], report.get("ratios", {}), group))
    lines.extend(_more(report))
    return "\n".join(lines)


def _head(report: dict[str, Any]) -> str:
    return (
        f"資源 {report['resources']:,}件　索引 {report['bytes_per_resource']}バイト/件"
        f"　作成 {report['compile_s']}秒　控えを開いて最初の答えまで {report['open_s']}秒"
        f"（台帳を読む {report['read_store_s']}秒の {report['open_share_of_reading']}倍）"
    )


def _engine_lines(
    engines: dict[str, dict[str, float]], ratios: dict[str, float], group: str
) -> Iterable[str]:
    mark = "hard_" if group == "hard" else ""
    for engine, figures in engines.items():
        times = "".join(
            f"  {name[:-3]} {figures[name]:>9.3f}" for name in _PERCENTILES if name in figures
        )
        again = f"  二度目 {figures['again_p50_ms']:.3f}" if "again_p50_ms" in figures else ""
        if (ratio := ratios.get(f"{mark}{engine}_again_p50")) is not None:
            again += f"（二度目どうし {ratio}倍）"
        if (ready := figures.get("prepare_p50_ms", 0.0)) >= _TOLD_FROM:
            whole = ratios.get(f"{mark}{engine}_prepared_p50")
            summed = f"。足せば{whole}倍" if whole is not None else ""
            again += f"  仕込み {ready:.3f}（数えない{summed}）"
        ratio = ratios.get(f"{mark}{engine}_p50")
        beside = (
            f"  つなぐの {ratio}倍（p99 {ratios[f'{mark}{engine}_p99']}倍）"
            if ratio is not None
            else ""
        )
        agree = f"  一致 {figures['agree']}/{figures['of']}"
        kept = "（基準）" if engine == ORACLE else ""
        few = "（問いを絞っています）" if engine in SLOW else ""
        yield f"  {_NAMES.get(engine, engine):<9}{times}{agree}{kept}{beside}{again}{few}"


def _more(report: dict[str, Any]) -> Iterable[str]:
    for key, title in (
        ("household", "世帯まるごと（架空の台帳）"),
        ("household_sample", "世帯まるごと（みほん市）"),
        ("household_import", "世帯まるごと（取り込んだ実データ）"),
    ):
        if key in report:
            times = report[key]
            size = f"資源{times['resources']:,}件・" if "resources" in times else ""
            yield (
                f"{title} p50 {times['p50_ms']} p99 {times['p99_ms']}ミリ秒"
                f"（{size}{times['cases']}世帯、二度目 p50 {times['again_p50_ms']}）"
            )
    if "gaps" in report:
        gaps = report["gaps"]
        whole = "" if gaps["measured_whole"] else "（少ない件数からの見込み）"
        yield (
            f"不足の分析 相談{gaps['cases']:,}件 {gaps['seconds']}秒"
            f"　1万件なら {gaps['seconds_for_10000']}秒{whole}"
        )
    for key, title, ratio in (
        ("http_one_need", "一つの困りごとの一覧", "http_postgis_p50"),
        ("http_one_need_bare", "同じ一覧を名前なしで", "http_bare_postgis_p50"),
        ("http", "結果まるごと", "postgis_p50_to_http"),
    ):
        if key in report:
            times, times_of_it = report[key], report["ratios"].get(ratio)
            beside = f"　PostGISの文一つは、その {times_of_it}倍" if times_of_it is not None else ""
            yield (
                f"HTTPとJSON（{title}・一つのワーカー）"
                f" p50 {times['p50_ms']} p99 {times['p99_ms']}ミリ秒{beside}"
            )


def growth(reports: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """From each size to the next: how many times the figures became, of each engine."""
    steps = []
    for small, large in pairwise(reports):
        if not (small["agree"] and large["agree"]):
            continue
        engines = {
            f"{mark}{name}": {
                p: round(figures[f"{p}_ms"] / small[group][name][f"{p}_ms"], 2)
                for p in ("p50", "p99")
            }
            for group, mark in (("engines", ""), ("hard", "hard_"))
            for name, figures in large[group].items()
            if name in small[group]
        }
        engines["household"] = {
            p: round(large["household"][f"{p}_ms"] / small["household"][f"{p}_ms"], 2)
            for p in ("p50", "p99")
        }
        steps.append({"from": small["resources"], "to": large["resources"], "engines": engines})
    return steps


def growth_table(steps: Sequence[dict[str, Any]]) -> str:
    """How many times slower with more resources."""
    lines = ["資源が増えたとき、何倍かかるようになったか（p50／p99）"]
    for step in steps:
        lines.append(f"  {step['from']:,}件 → {step['to']:,}件")
        for name, grown in step["engines"].items():
            hard = name.startswith("hard_")
            plain = name.removeprefix("hard_")
            title = "世帯まるごと" if plain == "household" else _NAMES.get(plain, plain)
            lines.append(
                f"    {title}{'（難しい問い）' if hard else ''} {grown['p50']}倍／{grown['p99']}倍"
            )
    return "\n".join(lines)
