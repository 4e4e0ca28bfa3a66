"""Writes `growth.json` from the reference file that the CDC publishes for its growth charts of 2000 (`CDCref_d.csv`):
`python tools/compile_growth.py CDCref_d.csv`. The numbers are copied as text, so that none is rounded on the way."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

_TARGET = Path(__file__).parent.parent / "src/carnet/formats/terminology/data/growth.json"
_SEXES = {"1": "M", "2": "F"}
# By the columns of L, M and S; in months from, and to. Lying until two years of age, standing from then on.
_MEASURES = (
    ("weight", "WT", 0, 239.5),
    ("height", "LG", 0, 24.5),
    ("height", "HT", 24.5, 239.5),
    ("head_circumference", "HC", 0, 35.5),
    ("bmi", "BMI", 24.5, 239.5),
)


def main() -> None:
    with Path(sys.argv[1]).open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["denom"] == "age"]
    curves = [_curve(rows, sex, measure) for measure in _MEASURES for sex in _SEXES]
    made: dict[str, Any] = {
        "version": "CDC 2000",
        "source": "CDC/NCHS growth charts, United States, 2000: LMS parameters of CDCref_d, as the package"
        " growthcleanpy 0.1.0 (CDC) carries it",
        "licence": "A work of the government of the United States, in the public domain there (17 USC 105) and by CC0"
        " 1.0 elsewhere",
        "basis": "L, M and S at each age in months, copied; what lies between is interpolated",
        "effective": "2000-05-30",
        "curves": curves,
    }
    text = json.dumps(made, indent=1, ensure_ascii=False)
    _TARGET.write_text(_joined(text) + "\n", encoding="utf-8")


def _curve(rows: list[dict[str, str]], sex: str, measure: tuple[str, str, float, float]) -> dict[str, Any]:
    key, column, first, last = measure
    points: dict[float, list[str]] = {}
    for row in rows:
        if row["SEX"] != sex:
            continue
        for end in "12":
            values = [row[f"_{letter}{column}{end}"] for letter in "LMS"]
            months = float(row[f"_AGEMOS{end}"])
            if all(values) and first <= months <= last:
                points[months] = values
    ages = sorted(points)
    return {
        "measure": key,
        "sex": _SEXES[sex],
        "months": [f"{each:g}" for each in ages],
        **{letter.lower(): [points[each][place] for each in ages] for place, letter in enumerate("LMS")},
    }


def _joined(text: str) -> str:
    """Each list of numbers on a line."""
    lines: list[str] = []
    for line in text.splitlines():
        if lines and ((line.strip().startswith('"') and ":" not in line) or line.strip() in {"]", "],"}):
            held = lines[-1]
            if held.lstrip().startswith(('"months"', '"l"', '"m"', '"s"')):
                lines[-1] = f"{held}{line.strip()}" + (" " if line.strip().endswith('",') else "")
                continue
        lines.append(line)
    return "\n".join(lines)


if __name__ == "__main__":
    main()
