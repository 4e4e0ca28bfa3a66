"""What the entries of medicines say, and what they leave unsaid, one rule at a time."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import pytest

from carnet.formats.clinical.model import (
    Dispensation,
    Dosage,
    Prescription,
    Timing,
    Treatment,
    Vaccination,
)
from carnet.formats.clinical.values import NEVER, NOTHING, Concept, Quantity, Range, Ratio, Span
from carnet.formats.entry import Coded, Identifier
from tests.formats.cda.entries.rest import answered, coded, found, one, read, small

_PCC: Final = "1.3.6.1.4.1.19376.1.5.3.1.4."
_ICD: Final = "2.16.840.1.113883.6.3"


def _medicine(inside: str = "", *, mood: str = "EVN", attributes: str = "", extra: str = "", product: str = "") -> str:
    """`inside` comes before the product, `extra` after it."""
    stuff = (
        product or '<code code="C1" codeSystem="1.2.250.1.213.2.3.1" displayName="Médicament 1"/><name>Premier</name>'
    )
    return (
        f'<substanceAdministration classCode="SBADM" moodCode="{mood}" {attributes}><templateId root="{_PCC}7"/>'
        f"{inside}"
        f"<consumable><manufacturedProduct><manufacturedMaterial>{stuff}</manufacturedMaterial></manufacturedProduct>"
        f"</consumable>{extra}</substanceAdministration>"
    )


def _treatment(inside: str = "", narrative: str = "", **more: str) -> Treatment:
    entry = one(_medicine(inside, **more), narrative)
    assert isinstance(entry, Treatment)
    return entry


def _prescription(inside: str = "", narrative: str = "", **more: str) -> Prescription:
    entry = one(_medicine(inside, mood="INT", **more), narrative)
    assert isinstance(entry, Prescription)
    return entry


def _timing(times: str) -> Timing | None:
    (dosage,) = _treatment(times).dosages or (Dosage(),)
    return dosage.timing


def _quantity(value: str, unit: str = "") -> Quantity:
    return Quantity(Decimal(value), unit, unit)


class TestTimings:
    def test_every_so_many_hours(self) -> None:
        timing = _timing('<effectiveTime xsi:type="PIVL_TS" operator="A"><period value="8" unit="h"/></effectiveTime>')
        assert timing == Timing(frequency=1, period=_quantity("8", "h"))

    def test_the_prefix_of_a_type_is_the_documents_own(self) -> None:
        times = (
            '<effectiveTime xmlns:c="urn:hl7-org:v3" xsi:type="c:PIVL_TS"><period value="1" unit="d"/></effectiveTime>'
        )
        assert _timing(times) == Timing(frequency=1, period=_quantity("1", "d"))

    def test_an_hour_of_the_day(self) -> None:
        times = (
            '<effectiveTime xsi:type="PIVL_TS"><phase><low value="202301010800"/><width value="10" unit="min"/></phase>'
            '<period value="1" unit="d"/></effectiveTime>'
        )
        assert _timing(times) == Timing(
            frequency=1, period=_quantity("1", "d"), times=("08:00:00",), duration=_quantity("10", "min")
        )

    def test_several_hours_of_the_day(self) -> None:
        every = (
            '<effectiveTime xsi:type="PIVL_TS" operator="I"><phase value="20230101{hour}00"/>'
            '<period value="1" unit="d"/></effectiveTime>'
        )
        timing = _timing("".join(every.format(hour=hour) for hour in ("08", "20")))
        assert timing is not None
        assert timing.times == ("08:00:00", "20:00:00")

    def test_a_day_of_the_week(self) -> None:
        """The first of January 2023 is a Sunday."""
        times = (
            '<effectiveTime xsi:type="PIVL_TS" alignment="DW"><phase value="20230101"/>'
            '<period value="1" unit="wk"/></effectiveTime>'
        )
        assert _timing(times) == Timing(frequency=1, period=_quantity("1", "wk"), days=("sun",))

    def test_around_meals_and_sleep(self) -> None:
        event = '<effectiveTime xsi:type="EIVL_TS" operator="A"><event code="{}"/></effectiveTime>'
        assert _timing("".join(map(event.format, ("ACM", "HS")))) == Timing(when=("ACM", "HS"))
        assert _timing(event.format("FULL-MOON")) is None

    def test_the_length_of_a_phase_is_not_counted_into_a_last_day(self) -> None:
        times = (
            '<effectiveTime xsi:type="SXPR_TS"><comp xsi:type="IVL_TS"><low value="20231201"/>'
            '<width value="2" unit="d"/>'
            '</comp><comp xsi:type="PIVL_TS"><period value="8" unit="h"/></comp></effectiveTime>'
        )
        assert _timing(times) == Timing(frequency=1, period=_quantity("8", "h"), bounds=_quantity("2", "d"))

    def test_the_bounds_of_a_phase(self) -> None:
        times = (
            '<effectiveTime xsi:type="SXPR_TS"><comp xsi:type="IVL_TS"><low value="20231201"/><high value="20231203"/>'
            "</comp></effectiveTime>"
        )
        assert _timing(times) == Timing(bounds=Span("2023-12-01", "2023-12-03"))

    def test_no_timing_where_none_is_said(self) -> None:
        assert _timing('<effectiveTime operator="A"/><effectiveTime xsi:type="PIVL_TS" nullFlavor="NA"/>') is None


class TestDosages:
    def test_of_one_quantity_and_of_a_range(self) -> None:
        dose = '<doseQuantity><low value="{}" unit="mg"/><high value="{}" unit="mg"/></doseQuantity>'
        assert _treatment(dose.format("5", "5")).dosages == (Dosage(dose=_quantity("5", "mg")),)
        assert _treatment(dose.format("5", "7.5")).dosages == (
            Dosage(dose=Range(_quantity("5", "mg"), _quantity("7.5", "mg"))),
        )
        assert _treatment('<doseQuantity value="2"/>').dosages == (Dosage(dose=_quantity("2")),)

    def test_a_number_that_is_none_is_left_out_and_said(self) -> None:
        (entry,), faults = found(_medicine('<doseQuantity value="deux"/>'))
        assert isinstance(entry, Treatment)
        assert entry.dosages == ()
        assert faults == ["bad-number"]

    def test_at_most(self) -> None:
        most = '<maxDoseQuantity><numerator value="4"/><denominator value="1" unit="d"/></maxDoseQuantity>'
        assert _treatment(most).dosages == (Dosage(most=Ratio(_quantity("4"), _quantity("1", "d"))),)
        assert _treatment("<maxDoseQuantity><numerator/><denominator/></maxDoseQuantity>").dosages == ()

    def test_if_needed(self) -> None:
        needed = "<precondition><criterion><text>{}</text></criterion></precondition>"
        (dosage,) = _treatment(extra=needed.format("si douleur")).dosages
        assert dosage.as_needed == Concept("si douleur")
        assert _treatment(extra=needed.format("-")).dosages == ()

    def test_a_criterion_of_the_decision_is_no_condition_of_taking(self) -> None:
        criterion = (
            '<precondition><criterion><code code="MED-353"/><value xsi:type="BL" value="false"/></criterion>'
            "</precondition>"
        )
        assert _treatment(extra=criterion).dosages == ()

    def test_the_name_of_the_product_is_no_dosage(self) -> None:
        narrative = '<content ID="m1">Premier 5 mg</content>'
        product = '<code code="C1"><originalText><reference value="m1"/></originalText></code><name>Premier</name>'
        entry = _treatment('<text><reference value="#m1"/></text>', narrative, product=product)
        assert entry.dosages == ()
        entry = _treatment("<text>Premier</text>", product=product)
        assert entry.dosages == ()

    def test_the_cell_beside_the_product(self) -> None:
        narrative = '<content ID="m1">Premier</content><content ID="m1-posologie">un le soir</content>'
        (dosage,) = _treatment('<text><reference value="#m1"/></text>', narrative).dosages
        assert dosage == Dosage(text="un le soir")

    def test_words_of_its_parts(self) -> None:
        said = "<translation><originalText>{}</originalText></translation>"
        low, high, evening = map(said.format, ("1 cp", "2 cp", "le soir"))
        dose = f'<doseQuantity><low value="1">{low}</low><high value="2">{high}</high></doseQuantity>'
        time = f'<effectiveTime xsi:type="PIVL_TS"><period value="1" unit="d">{evening}</period></effectiveTime>'
        (dosage,) = _treatment(time + dose).dosages
        assert dosage.text == "1 cp – 2 cp, le soir"
        assert dosage.timing is not None
        assert dosage.timing.code == Concept("le soir")

    def test_phases_take_what_the_line_says_of_them_all(self) -> None:
        phase = (
            '<entryRelationship typeCode="COMP"><sequenceNumber value="{0}"/><substanceAdministration classCode="SBADM"'
            ' moodCode="INT"><text>phase {0}</text></substanceAdministration></entryRelationship>'
        )
        line = '<routeCode code="20053000"/>'
        entry = _prescription(line, extra=phase.format(1) + phase.format(2))
        route = Concept("", (Coded("20053000"),))
        assert entry.dosages == (
            Dosage(text="phase 1", sequence=1, route=route),
            Dosage(text="phase 2", sequence=2, route=route),
        )


class TestMedicines:
    def test_the_state_that_every_statement_has_tells_nothing(self) -> None:
        assert _treatment('<statusCode code="completed"/>').status == "unknown"
        assert _treatment('<statusCode code="active"/>').status == "active"
        assert _treatment('<statusCode code="aborted"/>').status == "stopped"

    @pytest.mark.parametrize("truth", ["true", "1"])
    def test_a_medicine_that_is_not_taken(self, truth: str) -> None:
        assert _treatment(attributes=f'negationInd="{truth}"').status == "not-taken"

    def test_what_is_not_to_be_taken_is_no_line(self) -> None:
        assert found(_medicine(mood="INT", attributes='negationInd="true"')) == ([], ["negated-prescription"])

    def test_no_known_medicine(self) -> None:
        code = '<code code="no-known-medications" codeSystem="2.16.840.1.113883.5.1150.1" displayName="Aucun"/>'
        entry = _treatment(code, product='<code nullFlavor="NA"/>')
        assert entry.absence
        assert entry.code.label == "Aucun"
        assert entry.dosages == ()

    def test_a_product_without_a_name_is_said(self) -> None:
        assert found(_medicine(product='<code nullFlavor="UNK"/><name nullFlavor="UNK"/>')) == ([], ["no-product"])

    def test_a_preparation_that_has_but_its_form(self) -> None:
        entry = _treatment(product='<pharm:formCode code="50015000" displayName="pommade"/>')
        assert entry.code.label == "pommade"
        assert entry.product.code == NOTHING

    def test_a_drip_is_named_by_its_act(self) -> None:
        entry = _treatment('<code code="233428003" displayName="perfusion"/>', product='<code nullFlavor="UNK"/>')
        assert entry.code.label == "perfusion"

    def test_dates_as_precise_as_they_are(self) -> None:
        assert _treatment('<effectiveTime><low value="2019"/><high nullFlavor="UNK"/></effectiveTime>').when == Span(
            "2019"
        )
        nothing = '<effectiveTime xsi:type="IVL_TS"><low nullFlavor="UNK"/><high nullFlavor="NA"/></effectiveTime>'
        assert _treatment(nothing).when == NEVER
        once = '<effectiveTime operator="A" value="202105030830+0200"/>'
        assert _treatment(nothing + once).when == Span("2021-05-03T08:30:00+02:00")

    def test_a_date_that_is_none_is_left_out_and_said(self) -> None:
        (entry,), faults = found(_medicine('<effectiveTime><low value="20211345"/></effectiveTime>'))
        assert entry.when == NEVER
        assert faults == ["bad-time"]

    def test_written_in_error(self) -> None:
        assert found(_medicine('<statusCode code="nullified"/>')) == ([], [])

    def test_given_to_another_person(self) -> None:
        subject = '<subject><relatedSubject><code code="{}"/></relatedSubject></subject>'
        assert found(_medicine(extra=subject.format("CHILD"))) == ([], ["about-another"])
        assert isinstance(one(_medicine(extra=subject.format("ONESELF"))), Treatment)

    def test_the_lot_the_box_and_the_substances(self) -> None:
        product = (
            '<code><translation code="T1" codeSystem="1.2"/></code><name>Boîte</name><lotNumberText>L7</lotNumberText>'
            '<pharm:asContent><pharm:containerPackagedMedicine><pharm:code code="P1" codeSystem="1.2.250.1.213.2.3.2"/>'
            "<pharm:name>16 comprimés</pharm:name></pharm:containerPackagedMedicine></pharm:asContent>"
            '<pharm:asSpecializedKind><pharm:generalizedMedicineClass><pharm:code code="A1" codeSystem="1.3"/>'
            "</pharm:generalizedMedicineClass></pharm:asSpecializedKind>"
            '<pharm:ingredient><pharm:quantity><numerator value="5" unit="mg"/><denominator value="1" unit="mL"/>'
            '</pharm:quantity><pharm:ingredient><pharm:code code="S1" codeSystem="1.4"/><pharm:name>fer</pharm:name>'
            "</pharm:ingredient></pharm:ingredient>"
        )
        what = _treatment(product=product).product
        assert [each.code for each in what.code.codings] == ["T1", "A1", "P1"]
        assert (what.lot, what.package, what.code.text) == ("L7", "16 comprimés", "Boîte")
        (fer,) = what.ingredients
        assert fer.substance == Concept("fer", (Coded("S1", "1.4"),))
        assert fer.strength == Ratio(_quantity("5", "mg"), _quantity("1", "mL"))

    def test_the_dosage_of_a_pharmacy_is_no_line(self) -> None:
        supply = (
            f'<supply classCode="SPLY" moodCode="EVN"><templateId root="{_PCC}7.3"/>'
            '<quantity value="2" unit="30009000"/><product><manufacturedProduct><manufacturedMaterial>'
            "<name>Boîte</name></manufacturedMaterial></manufacturedProduct></product><entryRelationship>"
            '<substanceAdministration classCode="SBADM" moodCode="INT">'
            '<templateId root="1.3.6.1.4.1.19376.1.9.1.3.11"/>'
            '<id root="1.2.9" extension="L1"/></substanceAdministration></entryRelationship>'
            f"<entryRelationship>{_medicine('<text>un le soir</text>', mood='INT')}</entryRelationship></supply>"
        )
        entry = one(supply)
        assert isinstance(entry, Dispensation)
        assert entry.dosages == (Dosage(text="un le soir"),)
        assert entry.prescription == Identifier("1.2.9", "L1")
        assert entry.quantity == Quantity(Decimal(2), "30009000")
        assert entry.when == NEVER


class TestPrescriptions:
    @pytest.mark.parametrize(("code", "allowed"), [("N", False), ("G", True), ("E", True)])
    def test_substitution(self, code: str, allowed: bool) -> None:
        act = (
            '<entryRelationship><act classCode="ACT" moodCode="DEF"><templateId root="1.3.6.1.4.1.19376.1.9.1.3.9.1"/>'
            f'<code code="{code}"><originalText>marge étroite</originalText></code></act></entryRelationship>'
        )
        entry = _prescription(extra=act)
        assert entry.substitution is allowed
        assert entry.substitution_reason == (NOTHING if allowed else Concept("marge étroite"))
        assert _prescription().substitution is None

    def test_categories_that_are_answered_by_yes(self) -> None:
        truth = '<value xsi:type="BL" value="{}"/>'
        extra = answered("MED-574", truth.format("true")) + answered("GEN-181", truth.format("false"))
        assert [each.codings[0].code for each in _prescription(extra=extra).categories] == ["MED-574"]

    def test_what_is_only_planned(self) -> None:
        entry = _prescription()
        assert entry.intent == "plan"
        assert entry.group is None
        assert entry.repeats is None

    def test_an_order_names_its_document(self) -> None:
        order = _medicine('<templateId root="1.3.6.1.4.1.19376.1.9.1.3.2"/><repeatNumber value="3"/>', mood="INT")
        entry = one(order, code="57828-6")
        assert isinstance(entry, Prescription)
        assert (entry.intent, entry.repeats, entry.group) == ("order", 3, Identifier("1.2.3", "D7"))


def _vaccine(inside: str = "", attributes: str = "", extra: str = "") -> str:
    return _medicine(f'<templateId root="{_PCC}12"/>{inside}', attributes=attributes, extra=extra).replace(
        f'<templateId root="{_PCC}7"/>', ""
    )


class TestVaccinations:
    def test_no_date_is_invented(self) -> None:
        entry = one(_vaccine('<effectiveTime nullFlavor="NAV"/>'))
        assert isinstance(entry, Vaccination)
        assert (entry.when, entry.status) == (NEVER, "completed")

    def test_one_that_was_not_done_and_why(self) -> None:
        reason = (
            '<entryRelationship typeCode="RSON"><act><code code="R1" displayName="refus"/></act></entryRelationship>'
        )
        entry = one(_vaccine(attributes='negationInd="true"', extra=reason))
        assert isinstance(entry, Vaccination)
        assert entry.status == "not-done"
        assert entry.reason.label == "refus"

    def test_a_rank_as_it_is_printed(self) -> None:
        for value, printed in (
            ('<value xsi:type="INT" value="2"/>', "2"),
            ('<value xsi:type="ST">rappel</value>', "rappel"),
        ):
            entry = one(_vaccine(extra=answered("30973-2", value)))
            assert isinstance(entry, Vaccination)
            assert entry.dose_number == printed

    def test_a_dose_that_is_only_planned_is_none(self) -> None:
        assert found(_vaccine().replace('moodCode="EVN"', 'moodCode="INT"')) == ([], [])

    def test_a_reaction_that_is_denied_is_none(self) -> None:
        reaction = (
            '<entryRelationship typeCode="CAUS"><observation {}>' + coded("R50") + "</observation></entryRelationship>"
        )
        extra = reaction.format("") + reaction.format('negationInd="true"')
        entry = one(_vaccine(extra=extra))
        assert isinstance(entry, Vaccination)
        assert len(entry.reactions) == 1

    def test_the_answer_of_a_form_is_no_name(self) -> None:
        narrative = '<td ID="v">Oui</td>'
        words = '<originalText><reference value="#v"/></originalText>'
        code = f'<code>{words}<translation code="J07" displayName="BCG"/></code>'
        entry = one(
            _vaccine()
            .replace("<name>Premier</name>", "")
            .replace('<code code="C1" codeSystem="1.2.250.1.213.2.3.1" displayName="Médicament 1"/>', code),
            narrative,
        )
        assert entry.code.label == "BCG"


def test_what_was_paid_for_is_not_said_to_be_taken() -> None:
    supply = (
        f'<entryRelationship typeCode="REFR"><supply classCode="SPLY" moodCode="EVN"><templateId root="{_PCC}7.3"/>'
        '<quantity value="1"/><performer><time value="20190526"/></performer></supply></entryRelationship>'
    )
    history = '<templateId root="1.2.250.1.213.1.1.1.36"/>'
    (entry,), faults = read(small(_medicine(extra=supply), document=history))
    assert faults == []
    assert isinstance(entry, Dispensation)
    assert (entry.when, entry.code.text) == (Span("2019-05-26"), "Premier")
    entries, faults = read(small(_medicine(), document=history))
    assert entries == []
    assert [each.code for each in faults] == ["no-delivery"]
