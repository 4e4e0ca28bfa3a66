"""Bars of the ratios, as an SVG of its own: no font, style or script from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

_WIDTH, _LEFT, _ROW, _TOP = 720, 300, 18, 34
_COLOURS = {1: "#9db7dd", 8: "#4a7fc1", 32: "#1f4e8c"}
_OTHER = "#6a6a6a"


def draw(measures: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    rows: list[str] = []
    y = _TOP
    for scenario, title in names.items():
        mine = [each for each in measures if each["scenario"] == scenario]
        rows.append(f'<text x="8" y="{y + 13}" font-weight="bold">{escape(title)}</text>')
        for each in mine:
            rows.append(_bar(y, each))
            y += _ROW
        y += 12
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y + 8}" font-family="sans-serif" '
        f'font-size="12" role="img"><title>Share of the floor that is reached</title>'
        f'<rect width="{_WIDTH}" height="{y + 8}" fill="#ffffff"/>{_axis(y)}{"".join(rows)}</svg>\n'
    )


def _axis(bottom: int) -> str:
    return "".join(
        f'<path d="M{_x(each)} {_TOP - 6}V{bottom - 6}" stroke="#cccccc"/>'
        f'<text x="{_x(each)}" y="{_TOP - 12}" text-anchor="middle">{each:g}</text>'
        for each in (0, 0.25, 0.5, 0.75, 1)
    )


def _bar(y: int, each: Mapping[str, Any]) -> str:
    clients, ratio = each["clients"], each["ratio"]
    end, colour = _x(min(ratio, 1)), _COLOURS.get(clients, _OTHER)
    return (
        f'<text x="{_LEFT - 8}" y="{y + 13}" text-anchor="end">{clients} client{"s" if clients > 1 else ""}</text>'
        f'<rect x="{_LEFT}" y="{y + 2}" width="{end - _LEFT}" height="{_ROW - 4}" fill="{colour}"/>'
        f'<text x="{end + 5}" y="{y + 13}">{ratio:.2f}</text>'
    )


def _x(ratio: float) -> int:
    return round(_LEFT + ratio * (_WIDTH - _LEFT - 40))
