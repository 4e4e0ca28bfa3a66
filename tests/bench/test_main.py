"""`make bench` runs, and its figures are those of something that happened."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from tests.docs.generate import ROOT


@pytest.mark.long
def test_a_short_run_writes_the_page_its_figures_and_its_drawing(tmp_path: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("CARNET_", "DJANGO_"))}
    short = {
        "BENCH_SIZE": "50",
        "BENCH_SECONDS": "1",
        "BENCH_ROUNDS": "1",
        "BENCH_CLIENTS": "2",
        "BENCH_FOLDER": str(tmp_path / "house"),
        "BENCH_DOCS": str(tmp_path / "docs"),
    }
    tmp_path.chmod(0o711)
    done = subprocess.run(
        [sys.executable, "-m", "bench"],
        cwd=ROOT,
        env=environ | short,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = orjson.loads((tmp_path / "docs/performance/figures.json").read_bytes())
    assert [each["scenario"] for each in found["measures"]] == ["list", "open", "simplified", "provide"]
    for each in found["measures"]:
        assert each["ratio"] > 0
        for side in (each["carnet"], each["floor"]):
            assert 0 < side["p50"] <= side["p99"]
            assert side["postgresql"] > 0
            assert side["driver"] > 0
        assert each["carnet"]["web"] > each["floor"]["web"]
    page = (tmp_path / "docs/performance.md").read_text()
    assert "make bench" in page
    assert page.count("| 2 | Carnet |") == 4
    assert (tmp_path / "docs/performance/ratio.svg").read_text().count("<rect") == 5
