"""The INS datamatrix as scanners type it: whole, without its separators, cut off, or something else altogether."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.ins import parse
from carnet.formats.ins_datamatrix import DatamatrixError, InsTraits, read, written

OID = "1.2.250.1.213.1.4.8"
HEADER = "IS01" + "0" * 22
PAPER = f"{HEADER}S1279035121518989S2{OID}\x1dS3DOMINIQUE MARIE-LOUISE\x1dS4PAT-TROIS\x1dS5FS628-03-1979S751215"

names = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ' -", min_size=1, max_size=100).filter(lambda text: text.strip() == text)
people = st.builds(
    InsTraits,
    ins=st.sampled_from(
        [parse("279035121518989", oid) for oid in (OID, "1.2.250.1.213.1.4.10")] + [parse("284052A321025", OID)]
    ),
    givens=names,
    family=names,
    sex=st.sampled_from("MF"),
    birth_date=st.dates(date(1900, 1, 1), date(2026, 12, 31)),
    birth_place=st.sampled_from(["", "51215", "2A004", "99100"]),
)


@given(people)
def test_what_is_written_is_read_with_its_separators_and_without(who: InsTraits) -> None:
    text = written(who)
    assert read(text) == who
    # keyboards lose the separator, or write it in their own way; no name has a figure, so nothing is taken for another
    assert read(text.replace("\x1d", "")) == who
    assert read(text.replace("\x1d", "^]") + "\r\n") == who


def test_a_sheet_of_paper() -> None:
    found = read(PAPER)
    assert (found.family, found.givens, found.sex) == ("PAT-TROIS", "DOMINIQUE MARIE-LOUISE", "F")
    assert found.birth_date == date(1979, 3, 28)
    assert found.ins == parse("279035121518989", OID)
    assert written(found) == PAPER


def test_a_name_of_the_greatest_length_has_no_separator() -> None:
    longest = InsTraits(parse("279035121518989", OID), "A" * 100, "PAT", "F", date(1979, 3, 28), "51215")
    assert f"S3{'A' * 100}S4PAT\x1dS5F" in written(longest)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "header"),
        ("DC04FR0000011E581E58B201FR", "header"),
        (HEADER, "missing"),
        (PAPER.partition("S5")[0], "missing"),
        (PAPER[:-2], "field"),
        (PAPER.replace("S5F", "S5X"), "field"),
        (PAPER.replace("28-03", "31-02"), "date"),
        (PAPER.replace("518989", "518988"), "number"),
        (PAPER.replace("S2" + OID, "S21.2.3.4"), "field"),
        (PAPER + "S5M", "field"),
    ],
)
def test_what_cannot_be_read_says_why_and_repeats_nothing(text: str, code: str) -> None:
    with pytest.raises(DatamatrixError) as refused:
        read(text)
    assert refused.value.code == code
    assert "PAT" not in refused.value.message_fr
    assert "2790" not in refused.value.message_fr


@given(st.text(max_size=300))
def test_nothing_else_is_raised(text: str) -> None:
    for typed in (text, HEADER + text, PAPER[:60] + text):
        with suppress(DatamatrixError):
            read(typed)
