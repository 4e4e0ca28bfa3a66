"""HL7 data types as values, one by one: what is read, what is left unsaid, what is a fault."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.clinical.values import Concept, Quantity, Range, Ratio, Span, Value
from carnet.formats.entry import Coded
from tests.formats.cda.entries.small import body, observation, observed, section


def _g(number: str, comparator: str = "") -> Quantity:
    return Quantity(Decimal(number), "g/L", "g/L", comparator)


def _read(value: str, text: str = "") -> tuple[Value | None, str, list[str]]:
    given_back = body(section(f"<entry>{observation(value)}</entry>", text=text))
    (entry,) = given_back.entries
    return entry.value, entry.absent, [each.code for each in given_back.faults]  # type: ignore[attr-defined]


_TRANSLATED = """<value xsi:type="CE" code="1" codeSystem="1.2" displayName="un">
    <translation code="A" codeSystem="1.3"/><translation code="1" codeSystem="1.2"/></value>"""
_OWN_UNIT = """<value xsi:type="PQ" nullFlavor="OTH">
    <translation value="7" code="[IU]/{tube}" codeSystem="1.2.3" displayName="UI par tube"/></value>"""
_QUALIFIED = """<value xsi:type="CD" code="1" displayName="main">
    <qualifier><value code="2" displayName="gauche"/></qualifier></value>"""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('<value xsi:type="PQ" value="1.20" unit="g/L"/>', _g("1.20")),
        ('<value xsi:type="PQ" value="-3e2" unit="g/L"/>', _g("-3e2")),
        ('<value xsi:type="PQ" value="4" unit="1"/>', Quantity(Decimal(4))),
        (_OWN_UNIT, Quantity(Decimal(7), "UI par tube")),
        (_OWN_UNIT.replace("1.2.3", "2.16.840.1.113883.6.8"), Quantity(Decimal(7), "UI par tube", "[IU]/{tube}")),
        ('<value xsi:type="REAL" value="2.50"/>', Quantity(Decimal("2.50"))),
        ('<value xsi:type="INT" value="15"/>', 15),
        ('<value xsi:type="BL" value="true"/>', True),
        ('<value xsi:type="BL" value="false"/>', False),
        ('<value xsi:type="ST"> négatif\n au seuil </value>', "négatif au seuil"),
        ('<value xsi:type="ED">&lt;1.0 mg/L</value>', "<1.0 mg/L"),
        ('<value xsi:type="ED"><reference value="#said"/></value>', "Absence de germe"),
        ('<value xsi:type="ED"><reference value="said"/></value>', "Absence de germe"),
        ('<value xsi:type="TS" value="20240203"/>', Span("2024-02-03")),
        ('<value xsi:type="IVL_TS"><low value="2024"/><high value="202403"/></value>', Span("2024", "2024-03")),
        ('<value xsi:type="IVL_PQ"><low value="1" unit="g/L"/><high value="2" unit="g/L"/></value>',
         Range(_g("1"), _g("2"))),
        ('<value xsi:type="IVL_PQ"><high value="1" unit="g/L"/></value>', _g("1", "<=")),
        ('<value xsi:type="IVL_PQ"><high value="1" unit="g/L" inclusive="true"/></value>', _g("1", "<=")),
        ('<value xsi:type="IVL_PQ"><high value="1" unit="g/L" inclusive="false"/></value>', _g("1", "<")),
        ('<value xsi:type="IVL_PQ"><low value="1" unit="g/L"/><high nullFlavor="PINF"/></value>', _g("1", ">=")),
        ('<value xsi:type="IVL_PQ"><low value="1" unit="g/L" inclusive="false"/></value>', _g("1", ">")),
        ('<value xsi:type="IVL_PQ" value="1" unit="g/L"/>', _g("1")),
        ('<value xsi:type="RTO"><numerator xsi:type="INT" value="1"/><denominator xsi:type="INT" value="160"/></value>',
         Ratio(Quantity(Decimal(1)), Quantity(Decimal(160)))),
        ('<value xsi:type="CD" code="1" codeSystem="1.2"/>', Concept("", (Coded("1", "1.2"),))),
        (_TRANSLATED, Concept("", (Coded("1", "1.2", "un"), Coded("A", "1.3")))),
        ('<value xsi:type="CD" nullFlavor="OTH"><originalText>paille</originalText></value>', Concept("paille")),
        (_QUALIFIED, Concept("main, gauche", (Coded("1", "", "main"),))),
        ('<value xmlns:c="urn:hl7-org:v3" xsi:type="c:PQ" value="1" unit="g/L"/>', _g("1")),
    ],
)  # fmt: skip
def test_values(value: str, expected: Value) -> None:
    text = '<paragraph ID="said">Absence\n de <content>germe</content></paragraph>'
    assert _read(value, text) == (expected, "", [])


@pytest.mark.parametrize(
    ("value", "absent", "fault"),
    [
        ("", "", []),
        ('<value xsi:type="PQ" nullFlavor="NASK"/>', "not-asked", []),
        ('<value xsi:type="PQ" nullFlavor="MSK"/>', "masked", []),
        ('<value xsi:type="CD" nullFlavor="NI"/>', "unknown", []),
        ('<value xsi:type="ST"> </value>', "", []),
        ('<value xsi:type="ED"><reference value="#nowhere"/></value>', "", []),
        ('<value xsi:type="ED"><reference value="#"/></value>', "", []),
        ('<value xsi:type="ED" mediaType="image/png" representation="B64">AAAA</value>', "", ["file-value"]),
        ('<value xsi:type="PQ" value="1,5" unit="g/L"/>', "", ["bad-number"]),
        ('<value xsi:type="PQ" value="NaN" unit="g/L"/>', "", ["bad-number"]),
        ('<value xsi:type="PQ" value="Infinity"/>', "", ["bad-number"]),
        ('<value xsi:type="PQ" value="1e999999999"/>', "", ["bad-number"]),
        (f'<value xsi:type="PQ" value="{"9" * 5000}"/>', "", ["bad-number"]),
        (f'<value xsi:type="PQ" value="1" unit="{"g" * 5000}"/>', "", ["bad-unit"]),
        ('<value xsi:type="PQ" value="١٢"/>', "", ["bad-number"]),
        ('<value xsi:type="INT" value="1.5"/>', "", ["bad-number"]),
        (f'<value xsi:type="INT" value="{"9" * 5000}"/>', "", ["bad-number"]),
        ('<value xsi:type="BL" value="oui"/>', "", ["bad-boolean"]),
        ('<value xsi:type="TS" value="20241301"/>', "", ["bad-time"]),
        ('<value xsi:type="GLIST_PQ" value="1"/>', "", ["unknown-value-type"]),
        ('<value value="1"/>', "", ["unknown-value-type"]),
    ],
)
def test_no_value(value: str, absent: str, fault: list[str]) -> None:
    assert _read(value) == (None, absent, fault)


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ('<effectiveTime value="1975"/>', Span("1975")),
        ('<effectiveTime value="197504"/>', Span("1975-04")),
        ('<effectiveTime value="20240203"/>', Span("2024-02-03")),
        ('<effectiveTime value="20240203+0100"/>', Span("2024-02-03")),
        ('<effectiveTime value="202402031015+0200"/>', Span("2024-02-03T10:15:00+02:00")),
        ('<effectiveTime value="20240703101530"/>', Span("2024-07-03T10:15:30+02:00")),
        ('<effectiveTime value="20240703101530.25-0330"/>', Span("2024-07-03T10:15:30.250000-03:30")),
        ('<effectiveTime nullFlavor="UNK"/>', Span()),
        ("", Span()),
        ('<effectiveTime><low value="2023"/><high nullFlavor="UNK"/></effectiveTime>', Span("2023")),
        ('<effectiveTime><low value="2023"/><high nullFlavor="NA"/></effectiveTime>', Span("2023", "", open_end=True)),
        ('<effectiveTime><low nullFlavor="UNK"/><high value="2023"/></effectiveTime>', Span("", "2023")),
        ('<effectiveTime><low value="20240131"/><width value="1" unit="mo"/></effectiveTime>',
         Span("2024-01-31", "2024-02-29")),
        ('<effectiveTime><low value="20240130"/><width value="2" unit="wk"/></effectiveTime>',
         Span("2024-01-30", "2024-02-13")),
        ('<effectiveTime><low value="202401301000+0100"/><width value="36" unit="h"/></effectiveTime>',
         Span("2024-01-30T10:00:00+01:00", "2024-01-31T22:00:00+01:00")),
        ('<effectiveTime><low value="2024"/><width value="10" unit="d"/></effectiveTime>', Span("2024")),
        ('<effectiveTime><low value="20240130"/><width value="0.5" unit="d"/></effectiveTime>', Span("2024-01-30")),
        ('<effectiveTime><low value="99991231"/><width value="9" unit="a"/></effectiveTime>', Span("9999-12-31")),
    ],
)  # fmt: skip
def test_times(time: str, expected: Span) -> None:
    (entry,) = observed(section(f"<entry>{observation(time)}</entry>"))
    assert entry.when == expected


@pytest.mark.parametrize("value", ["2024-02-03", "hier", "20240230", "00000101", "20240203101530+2500"])
def test_a_time_that_is_none_is_left_out_and_reported(value: str) -> None:
    given_back = body(section(f'<entry>{observation(f"""<effectiveTime value="{value}"/>""")}</entry>'))
    assert [each.when for each in given_back.entries] == [Span()]
    (fault,) = given_back.faults
    assert fault.code == "bad-time"
    assert fault.path.endswith("/section/entry/observation/effectiveTime")
    assert value not in str(fault)


@given(st.text(max_size=20))
def test_any_text_as_a_number_gives_that_number_or_nothing(text: str) -> None:
    clean = "".join(each for each in text if each.isprintable() and each not in '<>&"')
    value, _, faults = _read(f'<value xsi:type="PQ" value="{clean}" unit="g"/>')
    if value is None:
        assert faults == (["bad-number"] if clean.strip() else [])
    else:
        assert isinstance(value, Quantity)
        assert value.value.is_finite()
        assert value.value == Decimal(clean.strip())
