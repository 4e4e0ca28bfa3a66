"""Files of lines: what is wrong is told with its line, the others are read."""

from __future__ import annotations

import io

import pytest

from carnet.formats.lines import LONGEST, FileRefused, Kind, Line, LineRefused, read

KINDS = {"stay": Kind(frozenset({"name", "since"}), frozenset({"until"})), "note": Kind(frozenset({"name"}))}
HEAD = "kind,name,since,until\n"


def found(text: str | bytes) -> list[tuple[int, Line | LineRefused]]:
    return list(read(io.BytesIO(text if isinstance(text, bytes) else text.encode()), KINDS))


def rules(text: str | bytes) -> list[tuple[int, str]]:
    return [(number, each.rule) for number, each in found(text) if isinstance(each, LineRefused)]


def test_each_line_with_its_number() -> None:
    lines = found(HEAD + 'stay,« Zoé »,2026-01-01,\n\nnote,"a, b",,\n')
    assert [(number, line.kind, line.values["name"]) for number, line in lines if isinstance(line, Line)] == [
        (2, "stay", "« Zoé »"),
        (4, "note", "a, b"),
    ]


def test_what_spreadsheets_write() -> None:
    (only,) = found("\ufeffKind;Name\r\nnote; a \r\n".encode())
    assert isinstance(only[1], Line)
    assert only[1].values == {"name": "a"}


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("other,a,,", "unknown-kind"),
        ("stay,a,,", "missing"),
        ("note,a,2026-01-01,", "not-for-this-kind"),
        ("note,a", "columns"),
        ('note,"a,,', "quotes"),
        ("note,a\x00b,,", "characters"),
        ("note," + "a" * LONGEST + ",,", "too-long"),
    ],
)
def test_a_line_that_is_wrong_is_passed_over(line: str, rule: str) -> None:
    lines = found(f"{HEAD}{line}\nnote,after,,\n")
    assert isinstance(lines[0][1], LineRefused)
    assert (lines[0][0], lines[0][1].rule) == (2, rule)
    assert [(number, line.values["name"]) for number, line in lines if isinstance(line, Line)] == [(3, "after")]


def test_another_encoding_is_told() -> None:
    assert rules(HEAD.encode() + b"note,Zo\xe9,,\nnote,a,,\n") == [(2, "encoding")]


@pytest.mark.parametrize("head", ["name,since\n", "kind,nom\n", "kind,name,name\n", "", b"\xff\xfekind"])
def test_a_header_that_is_wrong_stops_all(head: str | bytes) -> None:
    with pytest.raises(FileRefused):
        found(head)


@pytest.mark.parametrize("day", ["1/1/2026", "2026-02-30", "20260101", "0026-01-01", "2026-W01-1"])
def test_a_day_is_one_of_the_calendar(day: str) -> None:
    (only,) = found(f"{HEAD}stay,a,{day},\n")
    assert isinstance(only[1], Line)
    with pytest.raises(LineRefused):
        only[1].day("since")


def test_a_day_begins_in_france() -> None:
    (only,) = found(f"{HEAD}stay,a,2026-07-01,2026-12-01\n")
    assert isinstance(only[1], Line)
    since, until = only[1].span()
    assert until is not None
    assert (since.isoformat(), until.isoformat()) == ("2026-07-01T00:00:00+02:00", "2026-12-01T00:00:00+01:00")


def test_a_span_does_not_end_before_it_begins() -> None:
    (only,) = found(f"{HEAD}stay,a,2026-07-01,2026-07-01\n")
    assert isinstance(only[1], Line)
    with pytest.raises(LineRefused) as refused:
        only[1].span()
    assert refused.value.rule == "until-before-since"
