"""Quantities are compared and converted by UCUM and by what substances weigh, exactly or not at all."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.clinical.values import Quantity
from carnet.formats.terminology import substances, units
from carnet.formats.terminology.ucum import atoms

# Published factors, from the conventional unit to the SI unit, with the digits that they are published with: the table
# of SI conversions of the AMA Manual of Style (11th edition, section 17.5) unless said otherwise.
PUBLISHED = [
    ("glucose", "mg/dL", "mmol/L", "0.0555"),
    ("cholesterol", "mg/dL", "mmol/L", "0.0259"),
    ("triglyceride", "mg/dL", "mmol/L", "0.0113"),
    ("creatinine", "mg/dL", "umol/L", "88.4"),
    ("urate", "mg/dL", "umol/L", "59.48"),
    ("bilirubin", "mg/dL", "umol/L", "17.10"),
    ("calcium", "mg/dL", "mmol/L", "0.250"),
    ("phosphorus", "mg/dL", "mmol/L", "0.323"),
    ("magnesium", "mg/dL", "mmol/L", "0.411"),
    ("iron", "ug/dL", "umol/L", "0.179"),
    ("copper", "ug/dL", "umol/L", "0.157"),
    ("zinc", "ug/dL", "umol/L", "0.153"),
    ("lead", "ug/dL", "umol/L", "0.0483"),
    ("lactate", "mg/dL", "mmol/L", "0.111"),
    ("ammonia", "ug/dL", "umol/L", "0.587"),
    ("homocysteine", "mg/L", "umol/L", "7.397"),
    ("thyroxine", "ug/dL", "nmol/L", "12.87"),
    ("thyroxine", "ng/dL", "pmol/L", "12.87"),
    ("triiodothyronine", "ng/dL", "nmol/L", "0.0154"),
    ("calcifediol", "ng/mL", "nmol/L", "2.496"),
    ("cobalamin", "pg/mL", "pmol/L", "0.738"),
    ("folate", "ng/mL", "nmol/L", "2.266"),
    ("cortisol", "ug/dL", "nmol/L", "27.59"),
    ("testosterone", "ng/dL", "nmol/L", "0.0347"),
    ("estradiol", "pg/mL", "pmol/L", "3.671"),
    ("progesterone", "ng/mL", "nmol/L", "3.180"),
    ("digoxin", "ng/mL", "nmol/L", "1.281"),
    ("carbamazepine", "ug/mL", "umol/L", "4.232"),
    ("valproate", "ug/mL", "umol/L", "6.934"),
    ("phenytoin", "ug/mL", "umol/L", "3.964"),
    ("phenobarbital", "ug/mL", "umol/L", "4.306"),
    ("theophylline", "ug/mL", "umol/L", "5.550"),
    ("paracetamol", "ug/mL", "umol/L", "6.615"),
    ("tacrolimus", "ng/mL", "nmol/L", "1.24"),
    ("ciclosporin", "ng/mL", "nmol/L", "0.832"),
    # ICSH: the monomer.
    ("haemoglobin", "g/dL", "mmol/L", "0.621"),
    # French tables (Société française de biologie clinique): 1 g/L of urea is 16.65 mmol/L.
    ("urea", "g/L", "mmol/L", "16.65"),
    # KDIGO 2012: 1 mg/g of creatinine is 0.113 mg/mmol.
    ("creatinine", "mg/g", "mg/mmol", "0.113"),
    ("calcium", "meq/L", "mmol/L", "0.5"),
    ("sodium", "meq/L", "mmol/L", "1"),
    # BIPM: 1 U is 16.67 nkat.
    ("enzyme", "[IU]/L", "nkat/L", "16.67"),
    ("", "U/L", "nkat/L", "16.67"),
    ("", "mm[Hg]", "kPa", "0.13332"),
    ("", "[lb_av]", "kg", "0.45359237"),
    ("", "10*3/uL", "10*9/L", "1"),
    ("", "/mm3", "10*6/L", "1"),
    ("", "u[IU]/mL", "m[IU]/L", "1"),
]


def quantity(value: str, ucum: str, comparator: str = "") -> Quantity:
    return Quantity(Decimal(value), "", ucum, comparator)


def converted(value: str, source: str, to: str, substance: str = "") -> Decimal | None:
    found = units.convert(quantity(value, source), to, substance)
    return found.value if found else None


@pytest.mark.parametrize(("substance", "source", "to", "factor"), PUBLISHED, ids=lambda text: text or "ucum")
def test_published_factor(substance: str, source: str, to: str, factor: str) -> None:
    found = converted("1", source, to, substance)
    assert found is not None
    last_digit = Decimal(1).scaleb(int(Decimal(factor).as_tuple().exponent))
    assert abs(found - Decimal(factor)) <= last_digit  # atomic weights have been revised since


@pytest.mark.parametrize(
    ("ifcc", "ngsp"),
    # The NGSP's own table (ngsp.org, "IFCC standardization of HbA1c").
    [("31", "5.0"), ("42", "6.0"), ("48", "6.5"), ("53", "7.0"), ("64", "8.0"), ("75", "9.0"), ("86", "10.0")],
)
def test_hba1c_by_the_master_equation(ifcc: str, ngsp: str) -> None:
    there = converted(ifcc, "mmol/mol", "%", "hba1c")
    back = converted(ngsp, "%", "mmol/mol", "hba1c")
    assert there is not None
    assert back is not None
    assert there.quantize(Decimal("0.1")) == Decimal(ngsp)
    assert back.quantize(Decimal(1)) == Decimal(ifcc)


def test_a_temperature_has_its_own_zero() -> None:
    assert converted("98.6", "[degF]", "Cel") == Decimal(37)
    assert converted("37", "Cel", "K") == Decimal("310.15")
    assert converted("37", "Cel", "kg") is None
    assert units.canonical("g/Cel") == ""


@pytest.mark.parametrize(
    ("source", "to", "substance"),
    [
        ("g/L", "mmol/L", ""),  # of what?
        ("g/L", "mmol/L", "nobody"),
        ("g/L", "mmol/L", "enzyme"),
        ("[IU]/L", "U/L", ""),  # of an enzyme only
        ("[IU]/L", "g/L", "glucose"),
        ("mmol/mol", "%", ""),  # UCUM would say 4.8 % of 48 mmol/mol
        ("mmol/mol", "mg/g", "creatinine"),  # two substances
        ("mg/g", "%", ""),
        ("mL/min", "mL/min/{1.73_m2}", ""),  # of a body of 1.73 m², or of this one
        ("ug/L{FEU}", "ug/L", ""),
        ("ug/L{FEU}", "ug/L{DDU}", "d_dimer_feu"),
        ("{copies}/mL", "/mL", ""),
        ("/[HPF]", "/uL", ""),
        ("meq/L", "mmol/L", ""),
        ("meq/L", "mmol/L", "glucose"),
        ("10*9/L", "mmol/L", ""),  # both numbers of things, to UCUM
        ("", "g/L", ""),
        ("G/m", "g/L", ""),
    ],
)
def test_what_cannot_be_known_is_not_guessed(source: str, to: str, substance: str) -> None:
    assert converted("5", source, to, substance) is None
    assert converted("5", to, source, substance) is None


def test_what_the_analysis_implies_need_not_be_in_the_unit() -> None:
    assert converted("0.5", "ug/mL{FEU}", "ug/L", "d_dimer_feu") == Decimal(500)
    assert converted("25", "[IU]/mL", "U/mL", "arbitrary_unit") == Decimal(25)
    assert converted("25", "[arb'U]/mL", "U/mL", "arbitrary_unit") == Decimal(25)


def test_an_annotation_that_only_names_what_is_counted_changes_nothing() -> None:
    assert units.comparable("{cells}/uL", "10*9/L")
    assert units.comparable("mg/g{creat}", "mg/g")
    assert converted("3", "mg/mmol{creat}", "mg/g{creat}", "creatinine") == converted(
        "3", "mg/mmol", "mg/g", "creatinine"
    )


@pytest.mark.parametrize(
    ("written", "ucum"),
    [
        ("mUI/L", "m[IU]/L"),
        ("µUI/mL", "u[IU]/mL"),
        ("UI/L", "[IU]/L"),
        ("G/L", "10*9/L"),
        ("g/L", "g/L"),
        ("T/L", "10*12/L"),
        ("Giga/L", "10*9/L"),
        ("10⁹/L", "10*9/L"),
        ("/mm3", "/uL"),
        ("µmol/l", "umol/l"),
        ("μmol/L", "umol/L"),
        ("U/l", "U/l"),
        ("mL/min/1,73 m²", "mL/min/{1.73_m2}"),
        ("kg/m²", "kg/m2"),
        ("mmHg", "mm[Hg]"),
        ("°C", "Cel"),
        ("mEq/L", "meq/L"),
        ("g/24 h", "g/(24.h)"),
        (" g/L ", "g/L"),
        ("mmol / L", "mmol/L"),
        ("UI / L", "[IU]/L"),
        # What is left of 10⁹/L and 10² once the raised digits are lost: anybody's guess.
        ("109/L", ""),
        ("10²/L", ""),
        ("u/L", ""),
        ("mg/dl/", ""),
        ("", ""),
    ],
)
def test_spellings_of_sources(written: str, ucum: str) -> None:
    assert units.recognised(written) == ucum


def test_a_unit_printed_without_its_code_is_recognised() -> None:
    there = units.convert(Quantity(Decimal("2.5"), "mUI/L"), "m[IU]/L")
    assert there == Quantity(Decimal("2.5"), "mUI/L", "m[IU]/L")
    assert units.convert(Quantity(Decimal(1), "g/L", "no such"), "g/L") is None


@pytest.mark.parametrize(
    ("ucum", "printed"),
    [
        ("g/L", "g/L"),
        ("mmol/L", "mmol/L"),
        ("umol/l", "µmol/L"),
        ("[IU]/L", "UI/L"),
        ("m[IU]/L", "mUI/L"),
        ("10*9/L", "G/L"),
        ("10*12/L", "T/L"),
        ("/uL", "/mm³"),
        ("mL/min/{1.73_m2}", "mL/min/1,73 m²"),
        ("mm[Hg]", "mmHg"),
        ("Cel", "°C"),
        ("mmol/(24.h)", "mmol/24\N{NO-BREAK SPACE}h"),
        ("kg/m2", "kg/m²"),
        ("meq/L", "mEq/L"),
        ("%", "%"),
        ("[pH]", ""),
        ("{INR}", ""),
        ("1", ""),
        ("no unit", "no unit"),
    ],
)
def test_units_print_as_french_reports_do(ucum: str, printed: str) -> None:
    assert units.printed(ucum) == printed


def test_a_comparator_stays_with_its_amount() -> None:
    assert units.convert(quantity("0.1", "g/L", "<"), "mg/L") == Quantity(Decimal(100), "mg/L", "mg/L", "<")


def test_digits_to_print_are_those_of_the_source() -> None:
    there = converted("1.05", "g/L", "mmol/L", "glucose")
    assert there is not None
    assert units.like(there, Decimal("1.05")) == Decimal("5.83")
    assert units.like(Decimal("5.12"), Decimal(1)) == Decimal("5.1")
    assert str(units.like(Decimal("1234.5"), Decimal(12))) == "1200"
    assert units.like(Decimal("1E+144"), Decimal(12)) == Decimal("1E+144")


def test_an_amount_is_written_out_and_never_lost() -> None:
    assert str(converted("5", "g/L", "mg/L")) == "5000"
    assert str(converted("0.50", "g/L", "mg/L")) == "500"
    assert converted("1", "Ym3", "ym3") == Decimal("1E+144")


DECIMAL = [
    ["kg/m3", "g/L", "mg/dL", "mg/L", "ug/L", "ug/mL", "ng/dL", "pg/mL", "g{Hb}/dL"],
    ["mol/L", "mmol/L", "umol/L", "nmol/L", "pmol/L", "mosm/L", "umol/mL"],
    ["10*9/L", "10*3/uL", "/mm3", "{cells}/uL", "10*12/L", "10^6/mL", "1/L"],
    ["[IU]/L", "m[IU]/mL", "k[IU]/L", "u[IU]/mL", "[iU]/dL"],
    ["%", "1", "L/L", "{INR}", "[ppth]"],
    ["m", "cm", "mm", "um"],
    ["fL", "um3", "L", "dL"],
]
AMOUNTS = st.decimals(min_value=0, max_value=10**6, places=4).filter(lambda value: value.is_finite())


@given(family=st.sampled_from(DECIMAL), data=st.data(), value=AMOUNTS)
def test_there_and_back_is_exact(family: list[str], data: st.DataObject, value: Decimal) -> None:
    source, to = data.draw(st.sampled_from(family)), data.draw(st.sampled_from(family))
    there = units.convert(Quantity(value, "", source), to)
    assert there is not None
    back = units.convert(there, source)
    assert back is not None
    assert back.value == value
    assert units.exact(there) == units.exact(Quantity(value, "", source))


@given(row=st.sampled_from([row for row in PUBLISHED if row[0]]), value=AMOUNTS)
def test_there_and_back_by_a_substance_gives_each_digit(row: tuple[str, str, str, str], value: Decimal) -> None:
    substance, source, to, _ = row
    there = units.convert(Quantity(value, "", source), to, substance)
    assert there is not None
    back = units.convert(there, source, substance)
    assert back is not None
    assert back.value.quantize(Decimal("0.0001")) == value


@given(data=st.data(), value=AMOUNTS)
def test_no_amount_crosses_from_one_dimension_to_another(data: st.DataObject, value: Decimal) -> None:
    one, two = data.draw(st.lists(st.sampled_from(DECIMAL), min_size=2, max_size=2, unique_by=id))
    source, to = data.draw(st.sampled_from(one)), data.draw(st.sampled_from(two))
    assert not units.comparable(source, to)
    assert units.convert(Quantity(value, "", source), to) is None


@given(text=st.one_of(st.text(max_size=90), st.text("gmoLl/.(){}[]0123456789-+*^%µIUe", max_size=30)))
def test_no_text_is_more_than_a_unit_or_none(text: str) -> None:
    dimension = units.canonical(text)
    assert units.comparable(text, text) == bool(dimension)
    assert units.printed(text) is not None
    found = units.recognised(text)
    assert not found or units.canonical(found)


def test_every_spelling_is_a_unit_and_no_unit_of_its_own_that_means_another_thing() -> None:
    known = atoms.load()
    for written, ucum in known.spellings.items():
        assert units.canonical(ucum), written
        if units.canonical(written) and "1.73" not in written:  # which UCUM reads as 1 times 73
            assert units.comparable(written, ucum), written
            assert units.exact(quantity("1", written)) == units.exact(quantity("1", ucum)), written


def test_a_formula_weighs_what_the_table_says() -> None:
    """Against molar masses of PubChem (computed by PubChem 2.2), to their digits."""
    published = {
        "glucose": "180.16",
        "cholesterol": "386.7",
        "creatinine": "113.12",
        "urea": "60.056",
        "urate": "168.11",
        "bilirubin": "584.7",
        "thyroxine": "776.87",
        "triiodothyronine": "650.97",
        "calcifediol": "400.6",
        "cobalamin": "1355.4",
        "folate": "441.4",
        "cortisol": "362.5",
        "testosterone": "288.4",
        "estradiol": "272.4",
        "digoxin": "780.9",
        "tacrolimus": "804.0",
        "ciclosporin": "1202.6",
        "vancomycin": "1449.2",
    }
    for key, mass in published.items():
        found = substances.by_key(key)
        assert found is not None
        assert abs(found.molar_mass / Fraction(mass) - 1) < Fraction(1, 5000), key


def test_amounts_are_equal_however_they_are_written() -> None:
    one, other = quantity("1.0", "g/L"), quantity("100", "mg/dL")
    assert units.exact(one) == units.exact(other)
    assert units.exact(quantity("NaN", "g/L")) is None
    assert units.exact(quantity("1", "")) is None


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+999999", "1E-999999", "1" * 40])
def test_what_is_no_reasonable_number_is_not_reckoned_with(value: str) -> None:
    assert units.exact(quantity(value, "g/L")) is None
    assert units.convert(quantity(value, "g/L"), "mg/L") is None
    assert units.convert(quantity(value, "Cel"), "K") is None
