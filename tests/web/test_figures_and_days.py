"""Units, days and titles as each language writes them, and where a curve writes its values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from carnet.health.trends import Point
from carnet.web import i18n, words
from carnet.web.patient import figures

NOON = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shown", "english"),
    [
        ("mUI/L", "mIU/L"),
        ("UI/mL", "IU/mL"),
        ("mL/min/1,73 m²", "mL/min/1.73 m²"),
        ("pas/jour", "steps/day"),
        ("g/L", "g/L"),
    ],
)
def test_a_unit_is_written_as_the_reader_writes_it(shown: str, english: str) -> None:
    assert words.unit(shown) == shown
    with i18n.use("en"):
        assert words.unit(shown) == english


def test_the_month_is_no_figure_in_english() -> None:
    assert i18n.figures_day(date(2024, 4, 9)) == "09/04/2024"
    assert i18n.figures_day(NOON, short=True) == "18/11/26"
    with i18n.use("en"):
        assert i18n.figures_day(date(2024, 4, 9)) == "9\u00a0Apr\u00a02024"


def test_to_undo_is_not_to_cancel() -> None:
    assert i18n.pgettext("après coup", "Annuler") == i18n.gettext("Annuler") == "Annuler"
    with i18n.use("en"):
        assert (i18n.pgettext("après coup", "Annuler"), i18n.gettext("Annuler")) == ("Undo", "Cancel")


def test_no_line_begins_with_a_colon() -> None:
    assert i18n.tight("Anatomopathologie : sein gauche") == "Anatomopathologie\u00a0: sein gauche"


def points(*values: str) -> list[Point]:
    days = (datetime(2026, 1, number + 1, tzinfo=UTC) for number in range(len(values)))
    return [
        Point(UUID(int=number), at, Decimal(value), None, None, "kg", "mass", converted=False)
        for number, (at, value) in enumerate(zip(days, values, strict=True))
    ]


@pytest.mark.parametrize("values", [("71", "70", "69.5", "69", "68.1"), ("68", "69", "69.5", "70", "71.2")])
def test_the_last_value_stands_clear_of_its_curve(values: tuple[str, ...]) -> None:
    for chart in figures.charts([figures.curve(points(*values))], "kg"):
        last = max(chart.marks, key=lambda mark: mark.x)
        falls = Decimal(values[0]) > Decimal(values[-1])
        assert (chart.last[1] > last.y) == falls, "under what falls, above what rises"
        assert chart.last[1] < chart.bottom


def test_a_value_is_not_written_over_a_target() -> None:
    (wide, _phone) = figures.charts([figures.curve(points("6.0", "6.1", "6.2"))], "%", [Decimal("6.3")])
    middle = wide.last[1] - 5
    assert all(abs(aim - middle) > 8 for aim in wide.aims)


def boxes(chart: figures.Chart) -> list[tuple[float, float, float, float]]:
    """Where the first and the last value and the name of the zone are written: left, top, right, bottom."""
    assert chart.zone_at is not None
    x, y, anchor = chart.zone_at
    begins = {"start": x, "end": x - 148}[anchor]
    first, last = chart.first, chart.last
    return [
        (begins, y - 11, begins + 148, y + 3),
        (first[0] - 4, first[1] - 11, first[0] + 52, first[1] + 3),
        (last[0] - 50, last[1] - 11, last[0] + 6, last[1] + 3),
    ]


@pytest.mark.parametrize(
    "values",
    [("7.8", "2.1", "1.9", "2.2", "2.1"), ("1.0", "3.8", "3.7"), ("3.6", "0.5", "0.6"), ("2", "2.1", "2", "2.2")],
)
def test_the_name_of_the_zone_is_written_over_no_value(values: tuple[str, ...]) -> None:
    within = [replace(each, low=Decimal("0.4"), high=Decimal(4)) for each in points(*values)]
    for chart in figures.charts([figures.curve(within)], "mUI/L"):
        zone, *written = boxes(chart)
        for box in written:
            apart = zone[2] <= box[0] or box[2] <= zone[0] or zone[3] <= box[1] or box[3] <= zone[1]
            assert apart, (chart.name, zone, box)


def test_a_low_zone_is_named_by_the_legend_alone() -> None:
    within = [replace(each, low=Decimal(0), high=Decimal("0.1")) for each in points("1", "2", "1.5")]
    assert all(chart.zone_at is None for chart in figures.charts([figures.curve(within)], "g/L"))
