"""A whole small run: every figure of the design is there, in the shape of ``--json``."""

import json
from pathlib import Path

import pytest

from benchmarks import households, run
from benchmarks.postgres import binaries


@pytest.mark.slow
def test_a_small_run_tells_every_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(households, "CASES", 4)
    monkeypatch.setattr(households, "WARM", 1)
    monkeypatch.setattr(run, "HTTP_REQUESTS", 3)
    monkeypatch.setattr(run, "HTTP_WARM", 1)
    monkeypatch.setattr(run, "QUESTIONS", 5)
    wanted = run.Wanted(keep=tmp_path / "keep", gap_cases=2)
    assert run.main([300, 400], json=True, wanted=wanted) == 0
    told = capsys.readouterr()
    report = json.loads(told.out)
    small, large = report["sizes"]
    assert (small["resources"], large["resources"]) == (300, 400)
    rivals = {"numpy_scan", "networkx", *(["postgis"] if binaries() else [])}
    for one in (small, large):
        assert one["agree"] is True
        for group in ("engines", "hard"):
            assert one[group].keys() == {"tsunagu", *rivals}
            for figures in one[group].values():
                assert 0 < figures["p50_ms"] <= figures["p95_ms"] <= figures["p99_ms"]
        assert {f"{rival}_p{p}" for rival in rivals for p in (50, 99)} <= one["ratios"].keys()
        for key in ("bytes_per_resource", "compile_s", "open_s", "read_store_s"):
            assert one[key] > 0
        assert one["household"]["cases"] == 4
        assert one["household_sample"]["cases"] == 40
        assert one["gaps"]["cases"] == 2
        assert not one["gaps"]["measured_whole"]
        assert one["http"]["requests"] == 3
        assert one["http_one_need"]["requests"] == 5
        for key in ("http_one_need", "http_one_need_bare"):
            assert 0 < one[key]["p50_ms"] <= one[key]["p99_ms"]
        assert ("http_postgis_p50" in one["ratios"]) is (binaries() is not None)
    (step,) = report["growth"]
    assert (step["from"], step["to"]) == (300, 400)
    assert "tsunagu" in step["engines"]
    assert "架空の台帳を作っています" in told.err
    assert (tmp_path / "keep" / "300.db").exists()
    # 残した台帳は次に使い回す。
    assert run.main([300], wanted=wanted) == 0
    again = capsys.readouterr()
    assert "架空の台帳を作っています" not in again.err
    assert "つなぐ" in again.out
    assert "1万件なら" in again.out
