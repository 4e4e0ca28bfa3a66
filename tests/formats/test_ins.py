"""Identity numbers: the public test vectors, and what must hold for every number."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats import ins
from tests.cases import cases

NIR, NIA, TEST, DEMO = (f"1.2.250.1.213.1.4.{end}" for end in (8, 9, 10, 11))

VECTORS = [
    ("2 55 08 14 168 025", "38"),
    ("2 94 03 75 120 005", "91"),
    ("1 53 12 45 007 231", "60"),
    ("2 84 05 88 321 025", "32"),
    ("2 84 05 2A 321 025", "52"),
    ("2 84 05 2B 321 025", "79"),
    ("2 84 20 2B 321 025", "28"),
    ("2 84 99 2B 321 025", "31"),
]

CAST = [
    "279035121518989",
    "218054900711272",
    "110034900724558",
    "177113523803171",
    "150065121507870",
    "290097511215486",
    "165021305506665",
    "201076938420354",
]

matricules = st.builds(
    "{}{:02d}{:02d}{}{:06d}".format,
    st.sampled_from("12"),
    st.integers(0, 99),
    st.integers(1, 12) | st.integers(20, 99),
    st.integers(1, 99).map("{:02d}".format) | st.sampled_from(["2A", "2B"]),
    st.integers(0, 999_999),
)


@pytest.mark.parametrize(("text", "key"), VECTORS)
def test_public_vectors(text: str, key: str) -> None:
    without, with_key = ins.parse(text, NIR), ins.parse(f"{text} {key}", NIR)
    assert without.value15 == with_key.value15 == text.replace(" ", "") + key
    assert with_key.key_ok
    assert with_key.key == key


@pytest.mark.parametrize("number", CAST)
def test_cast_has_valid_keys(number: str) -> None:
    found = ins.parse(number, TEST)
    assert found.key_ok
    assert found.kind is ins.Kind.TEST
    assert found.uri == f"urn:oid:{TEST}"


def test_key_of_the_public_samples() -> None:
    assert ins.parse("277076322082910", NIR).key_ok
    wrong = ins.parse("276059205062865", NIR)
    assert not wrong.key_ok
    assert wrong.value15.endswith("65")


def test_key_is_97_when_nothing_remains() -> None:
    matricule = next(f"1800175{n:06d}" for n in range(97) if int(f"1800175{n:06d}") % 97 == 0)
    assert ins.key(matricule) == "97"


@pytest.mark.parametrize(
    ("text", "system", "code"),
    [
        ("8 84 05 88 321 025 23", NIR, "start"),
        ("3 84 05 88 321 025", TEST, "start"),
        ("5840588321025", NIA, "start"),
        ("2840588321025", "1.2.250.1.213.1.4.2", "system"),
        ("2840588321025", "1.2.250.1.213.1.4.13", "system"),
        ("2840588321025", "", "system"),
        ("28405883210253", NIR, "length"),
        ("", NIR, "characters"),
        ("2840588321O25", NIR, "characters"),
        ("２840588321025", NIR, "characters"),
        ("2840588321025A2", NIR, "characters"),
        ("2841388321025", NIR, "shape"),
        ("2840588A21025", NIR, "shape"),
        ("28405A2321025", NIR, "shape"),
    ],
)
def test_refused_without_repeating_the_number(text: str, system: str, code: str) -> None:
    with pytest.raises(ins.InsError) as caught:
        ins.parse(text, system)
    assert caught.value.code == code
    assert not text or text not in str(caught.value)


def test_waiting_numbers_start_otherwise() -> None:
    assert ins.parse("8840588321025", NIA).kind is ins.Kind.NIA
    assert ins.parse("2840588321025", NIA).key == "32"


def test_systems_with_and_without_prefix() -> None:
    assert ins.kind_of(NIR) is ins.kind_of(f"urn:oid:{NIR}") is ins.Kind.NIR
    assert ins.kind_of("1.2.250.1.213.1.4.13") is None
    assert ins.parse("2840588321025", f"urn:oid:{DEMO}").oid == DEMO


@settings(max_examples=cases(100))
@given(matricules, st.sampled_from([NIR, NIA, TEST, DEMO]))
def test_every_number_is_read_in_both_lengths_and_any_writing(matricule: str, oid: str) -> None:
    found = ins.parse(matricule, oid)
    assert found.key_ok
    assert 1 <= int(found.key) <= 97
    spaced = "\u00a0".join(found.value15.lower())
    assert ins.parse(spaced, oid).value15 == found.value15
    assert matricule not in repr(found)


@settings(max_examples=cases(100))
@given(matricules, st.integers(0, 99))
def test_a_wrong_key_is_seen_and_makes_no_other_person(matricule: str, key: int) -> None:
    right, given_key = ins.parse(matricule, NIR), f"{key:02d}"
    other = ins.parse(matricule + given_key, NIR)
    assert other.key_ok == (given_key == right.key)
    assert other == right
    assert hash(other) == hash(right)
    assert other != ins.parse(matricule, TEST)
    assert other != matricule


@settings(max_examples=cases(100))
@given(st.text(max_size=20), st.sampled_from([NIR, NIA]))
def test_any_text_is_read_or_refused(text: str, oid: str) -> None:
    with contextlib.suppress(ins.InsError):
        assert len(ins.parse(text, oid).value15) == 15
