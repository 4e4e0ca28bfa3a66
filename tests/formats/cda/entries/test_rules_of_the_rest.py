"""What the entries of medicines and of the history say, and what they leave unsaid, one rule at a time."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import pytest

from carnet.formats.clinical.model import (
    Allergy,
    Device,
    Dispensation,
    Dosage,
    Encounter,
    FamilyHistory,
    Prescription,
    Problem,
    Procedure,
    Reaction,
    Timing,
    Treatment,
    Vaccination,
)
from carnet.formats.clinical.values import NEVER, NOTHING, Concept, Quantity, Range, Ratio, Span
from carnet.formats.entry import Coded, Identifier
from tests.formats.cda.entries.rest import found, one, read, small

_PCC: Final = "1.3.6.1.4.1.19376.1.5.3.1.4."
_SNOMED: Final = "2.16.840.1.113883.6.96"
_ICD: Final = "2.16.840.1.113883.6.3"


def _answer(code: str, value: str) -> str:
    return (
        '<entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN">'
        f'<code code="{code}"/>{value}</observation></entryRelationship>'
    )


def _coded(code: str, system: str = _SNOMED) -> str:
    return f'<value xsi:type="CD" code="{code}" codeSystem="{system}" displayName="Nom {code}"/>'


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
        extra = _answer("MED-574", truth.format("true")) + _answer("GEN-181", truth.format("false"))
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
            entry = one(_vaccine(extra=_answer("30973-2", value)))
            assert isinstance(entry, Vaccination)
            assert entry.dose_number == printed

    def test_a_dose_that_is_only_planned_is_none(self) -> None:
        assert found(_vaccine().replace('moodCode="EVN"', 'moodCode="INT"')) == ([], [])

    def test_a_reaction_that_is_denied_is_none(self) -> None:
        reaction = (
            '<entryRelationship typeCode="CAUS"><observation {}>' + _coded("R50") + "</observation></entryRelationship>"
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


def _observation(templates: tuple[str, ...], inside: str, attributes: str = "", act: str = "") -> str:
    roots = "".join(f'<templateId root="{_PCC}{each}"/>' for each in templates)
    observation = f'<observation classCode="OBS" moodCode="EVN" {attributes}>{roots}{inside}</observation>'
    if not act:
        return observation
    return (
        f'<act classCode="ACT" moodCode="EVN"><templateId root="{_PCC}5.1"/><statusCode code="{act}"/>'
        f'<entryRelationship typeCode="SUBJ">{observation}</entryRelationship></act>'
    )


def _problem(inside: str, narrative: str = "", *, attributes: str = "", act: str = "") -> Problem:
    entry = one(_observation(("5",), inside, attributes, act), narrative)
    assert isinstance(entry, Problem)
    return entry


class TestProblems:
    def test_denied(self) -> None:
        entry = _problem(_coded("I64", _ICD), attributes='negationInd="true"', act="active")
        assert (entry.verification, entry.clinical, entry.absence) == ("refuted", "", False)

    def test_denied_by_its_concern(self) -> None:
        concern = _observation(("5",), _coded("I64", _ICD), act="active").replace("<act ", '<act negationInd="true" ')
        entry = one(concern)
        assert isinstance(entry, Problem)
        assert (entry.verification, entry.clinical) == ("refuted", "")

    @pytest.mark.parametrize(
        ("act", "clinical"), [("active", "active"), ("completed", "resolved"), ("suspended", ""), ("", "")]
    )
    def test_the_state_of_its_concern(self, act: str, clinical: str) -> None:
        assert _problem(_coded("I64", _ICD), act=act).clinical == clinical

    def test_its_own_state_comes_first(self) -> None:
        assert (
            _problem(_coded("I64") + _answer("33999-4", _coded("recurrence")), act="completed").clinical == "recurrence"
        )
        assert _problem(_coded("I64") + _answer("33999-4", _coded("73425007")), act="active").clinical == "inactive"

    def test_a_concern_that_goes_on_says_nothing_of_a_problem_that_ended(self) -> None:
        ended = '<effectiveTime><low value="2010"/><high value="2012"/></effectiveTime>'
        entry = _problem(ended + _coded("I64"), act="active")
        assert (entry.clinical, entry.when) == ("", Span("2010", "2012"))

    @pytest.mark.parametrize("code", ["no-known-problems", "no-problem-info"])
    def test_none_known(self, code: str) -> None:
        entry = _problem(_coded(code), attributes='negationInd="true"', act="active")
        assert entry.absence
        assert (entry.clinical, entry.verification) == ("", "")

    def test_in_words_alone(self) -> None:
        words = '<value xsi:type="CD" nullFlavor="OTH"><originalText>mal de dos</originalText></value>'
        assert _problem(words).code == Concept("mal de dos")
        assert _problem('<value xsi:type="ST">mal de dos</value>').code == Concept("mal de dos")
        text = '<text><reference value="p"/></text><value xsi:type="CD"/>'
        assert _problem(text, '<content ID="p">mal de dos</content>').code == Concept("mal de dos")

    @pytest.mark.parametrize("words", ["", "-", "Oui", "non."])
    def test_named_by_nothing(self, words: str) -> None:
        entry = _observation(("5",), f'<value xsi:type="ST">{words}</value>')
        assert found(entry) == ([], ["no-problem"])

    def test_a_concern_that_was_written_in_error(self) -> None:
        assert found(_observation(("5",), _coded("I64"), act="nullified")) == ([], [])

    def test_an_allergy_and_an_effect_are_none(self) -> None:
        entries, _ = found(_observation(("5", "6"), _coded("I64")))
        assert not any(isinstance(each, Problem) for each in entries)
        effect = f'<entryRelationship typeCode="MFST">{_observation(("5",), _coded("R50"))}</entryRelationship>'
        assert found(_observation(("9",), effect)) == ([], [])

    def test_in_several_places(self) -> None:
        sites = "".join(f'<targetSiteCode code="S{each}"/>' for each in "123")
        entry = _problem(_coded("R27") + sites)
        assert [entry.body_site.label, *(each.label for each in entry.other_sites)] == ["S1", "S2", "S3"]


_AGENT: Final = (
    '<participant typeCode="CSM"><participantRole><playingEntity><code code="J01" codeSystem="2.16.840.1.113883.6.73" '
    'displayName="ofloxacine"/><name>Oflocet</name></playingEntity></participantRole></participant>'
)


def _allergy(inside: str = _AGENT, attributes: str = "", act: str = "") -> Allergy:
    code = f'<code code="416098002" codeSystem="{_SNOMED}" displayName="allergie médicamenteuse"/>'
    entry = one(_observation(("5", "6"), code + inside, attributes, act))
    assert isinstance(entry, Allergy)
    return entry


class TestAllergies:
    def test_to_what_and_of_what_kind(self) -> None:
        entry = _allergy()
        assert entry.code == Concept("Oflocet", (Coded("J01", "2.16.840.1.113883.6.73", "ofloxacine"),))
        assert (entry.type, entry.categories) == ("allergy", ("medication",))
        assert (entry.clinical, entry.verification, entry.criticality, entry.reactions) == ("", "", "", ())

    def test_how_sure_and_how_grave(self) -> None:
        inside = _AGENT + _answer("82606-5", _coded("high")) + _answer("66455-7", _coded("unconfirmed"))
        entry = _allergy(inside, act="active")
        assert (entry.criticality, entry.verification, entry.clinical) == ("high", "unconfirmed", "active")
        assert _allergy(attributes='negationInd="true"').verification == "refuted"

    def test_reactions(self) -> None:
        shown = (
            '<entryRelationship typeCode="MFST"><observation {}><effectiveTime><low value="2020"/></effectiveTime>'
            + _coded("126485001")
            + "{}</observation></entryRelationship>"
        )
        severe, between = _answer("SEV", _coded("24484000")), _answer("SEV", _coded("371923003"))
        inside = _AGENT + shown.format("", severe) + shown.format('negationInd="true"', "") + shown.format("", between)
        urticaria = Concept("", (Coded("126485001", _SNOMED, "Nom 126485001"),))
        assert _allergy(inside).reactions == (
            Reaction(manifestations=(urticaria,), severity="severe", onset="2020"),
            Reaction(manifestations=(urticaria,), onset="2020", note="Nom 371923003"),
        )

    def test_what_is_found_besides_the_agent_is_noted(self) -> None:
        assert _allergy(_coded("10022402") + _AGENT).note == "Nom 10022402"

    @pytest.mark.parametrize("code", ["no-known-allergies", "no-allergy-info", "716186003", "409137002"])
    def test_none_known(self, code: str) -> None:
        entry = _allergy(_coded(code), act="active")
        assert entry.absence
        assert entry.code.codings[0].code == code
        assert (entry.type, entry.categories, entry.clinical) == ("", (), "")

    def test_none_known_said_of_the_agent(self) -> None:
        entry = _allergy(_AGENT.replace("J01", "no-known-medication-allergies"), act="active")
        assert entry.absence
        assert entry.note == ""

    def test_the_model_that_a_producer_leaves_empty_is_no_allergy(self) -> None:
        empty = _observation(
            ("5", "6"), '<code code="416098002"/><text><reference value="#NO-ALL"/></text><value xsi:type="CD"/>'
        )
        assert found(empty) == ([], ["no-agent"])

    def test_an_answer_to_the_question_for_a_kind(self) -> None:
        entry = _allergy("<text>Oui</text>")
        assert entry.code.label == "allergie médicamenteuse"
        assert found(_observation(("5", "6"), '<code code="414285001"/><text>Non</text>')) == ([], ["no-agent"])


def _act(inside: str, mood: str = "EVN", attributes: str = "") -> Procedure:
    entry = one(
        f'<procedure classCode="PROC" moodCode="{mood}" {attributes}><templateId root="{_PCC}19"/>'
        f'<code code="HBMD053" codeSystem="1.2.250.1.215.300.1"/>{inside}</procedure>'
    )
    assert isinstance(entry, Procedure)
    return entry


class TestProcedures:
    @pytest.mark.parametrize(
        ("mood", "stated", "status"),
        [
            ("EVN", "completed", "completed"),
            ("EVN", "active", "in-progress"),
            ("EVN", "cancelled", "not-done"),
            ("EVN", "aborted", "stopped"),
            ("EVN", "", "unknown"),
            ("INT", "completed", "preparation"),
            ("INT", "active", "preparation"),
            ("INT", "cancelled", "not-done"),
        ],
    )
    def test_done_or_only_planned(self, mood: str, stated: str, status: str) -> None:
        assert _act(f'<statusCode code="{stated}"/>', mood).status == status

    def test_not_done(self) -> None:
        assert _act('<statusCode code="completed"/>', attributes='negationInd="true"').status == "not-done"

    def test_where_in_the_body_and_why(self) -> None:
        reason = (
            '<entryRelationship typeCode="RSON"><observation><code code="ASSERTION"/>{}</observation>'
            "</entryRelationship>"
        )
        inside = (
            '<targetSiteCode code="S1"/><targetSiteCode code="S2"/><participant typeCode="LOC"><participantRole>'
            "<playingEntity><name>Clinique</name></playingEntity></participantRole></participant>"
            + reason.format(_coded("I21", _ICD))
            + reason.format("")
        )
        entry = _act(inside)
        assert [each.label for each in entry.body_sites] == ["S1", "S2"]
        assert [each.label for each in entry.reasons] == ["Nom I21"]
        assert entry.location == "Clinique"


def test_a_device_that_was_delivered_on_a_day_and_where_it_is() -> None:
    entry = one(
        '<supply classCode="SPLY" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.20"/><effectiveTime><low '
        'nullFlavor="UNK"/></effectiveTime><quantity value="1"/><performer><time value="20190711"/><assignedEntity>'
        "<representedOrganization><name>Pharmacie</name></representedOrganization></assignedEntity></performer>"
        '<participant typeCode="DEV"><participantRole><id root="1.2.5" extension="SN7"/><playingDevice>'
        '<code code="J01" displayName="stimulateur"/></playingDevice></participantRole></participant>'
        '<entryRelationship typeCode="RSON"><observation><code code="39111-0"/><value xsi:type="ST">thorax</value>'
        "</observation></entryRelationship></supply>"
    )
    assert isinstance(entry, Device)
    assert (entry.code.label, entry.status, entry.when) == ("stimulateur", "", Span("2019-07-11"))
    assert entry.unique == (Identifier("1.2.5", "SN7"),)
    assert entry.body_site == Concept("thorax")
    assert entry.reasons == ()
    assert entry.by is not None


def _visit(inside: str, mood: str = "EVN") -> Encounter:
    entry = one(f'<encounter classCode="ENC" moodCode="{mood}"><templateId root="{_PCC}14"/>{inside}</encounter>')
    assert isinstance(entry, Encounter)
    return entry


class TestEncounters:
    def test_the_class_and_what_narrows_it(self) -> None:
        inside = (
            '<code code="IMP" codeSystem="2.16.840.1.113883.5.4"><qualifier><value code="1940" displayName="colon"/>'
            '</qualifier></code><effectiveTime><low value="20190515"/><high value="20190530"/></effectiveTime>'
        )
        entry = _visit(inside)
        assert entry.encounter_class == Coded("IMP", "2.16.840.1.113883.5.4")
        assert entry.code.label == "colon"
        assert entry.status == "finished"

    def test_planned_called_off_or_not_said(self) -> None:
        code = '<code code="AMB" codeSystem="2.16.840.1.113883.5.4"/>'
        assert _visit(code, "ARQ").status == "planned"
        assert _visit(code + '<statusCode code="cancelled"/>', "ARQ").status == "cancelled"
        assert _visit(code + '<effectiveTime value="20200101"/>').status == "unknown"

    def test_of_the_header(self) -> None:
        stay = (
            "<componentOf><encompassingEncounter>{}<location><healthCareFacility><id root='1.2.7' extension='F1'/>"
            "<location><name>Hôpital</name></location></healthCareFacility></location></encompassingEncounter></componentOf>"
        )
        known = (
            '<id root="1.2.8" extension="S1"/><code code="IMP" codeSystem="2.16.840.1.113883.5.4"/>'
            '<effectiveTime><low value="20200101"/><high value="20200105"/></effectiveTime>'
            '<dischargeDispositionCode code="D1"/>'
        )
        (entry,), faults = read(small("", document=stay.format(known)))
        assert faults == []
        assert isinstance(entry, Encounter)
        assert (entry.status, entry.when) == ("finished", Span("2020-01-01", "2020-01-05"))
        assert entry.location == "Hôpital"
        assert entry.provider is not None
        assert entry.provider.identifier == Identifier("1.2.7", "F1")
        assert entry.discharged_to.label == "D1"
        assert entry.path == "/ClinicalDocument/componentOf/encompassingEncounter"
        assert read(small("", document=stay.format('<effectiveTime nullFlavor="NA"/>'))) == ([], [])


def _relative(observations: str, subject: str = '<code code="MTH" displayName="Mère"/>') -> str:
    return (
        f'<organizer classCode="CLUSTER" moodCode="EVN"><templateId root="{_PCC}15"/><statusCode code="completed"/>'
        f"<subject><relatedSubject>{subject}</relatedSubject></subject>{observations}</organizer>"
    )


def _of_relative(value: str, inside: str = "", attributes: str = "") -> str:
    return f"<component><observation {attributes}>{inside}{value}</observation></component>"


class TestFamily:
    def test_a_relative(self) -> None:
        subject = (
            '<code code="MTH" displayName="Mère"/><subject><name>Anne</name><administrativeGenderCode code="F"/>'
            '<birthTime value="1950"/><sdtc:deceasedInd value="true"/></subject>'
        )
        age = _answer("30525-0", '<value xsi:type="PQ" value="50" unit="a"/>')
        seen = _of_relative(_coded("I21"), age) + _of_relative(_coded("I64"), '<effectiveTime value="2000"/>')
        entry = one(_relative(seen, subject))
        assert isinstance(entry, FamilyHistory)
        assert (entry.code.label, entry.name, entry.sex, entry.born) == ("Mère", "Anne", "female", "1950")
        assert entry.deceased is True
        assert [each.onset for each in entry.conditions] == [_quantity("50", "a"), "2000"]

    def test_what_is_denied_is_left_out_and_said(self) -> None:
        seen = _of_relative(_coded("I21")) + _of_relative(_coded("I64"), attributes='negationInd="true"')
        (entry,), faults = found(_relative(seen))
        assert isinstance(entry, FamilyHistory)
        assert len(entry.conditions) == 1
        assert faults == ["family-denial"]

    def test_nothing_known(self) -> None:
        entry = one(_relative(_of_relative(_coded("no-known-problems")), '<code nullFlavor="UNK"/>'))
        assert entry.absence

    def test_nobody_or_nothing(self) -> None:
        assert found(_relative(_of_relative(_coded("I21")), "<code/>")) == ([], ["no-relative"])
        assert found(_relative("")) == ([], ["no-condition"])


def test_an_entry_that_is_null_is_a_statement_of_absence_or_none() -> None:
    null = 'nullFlavor="NI"'
    assert found(_observation(("5",), _coded("I64"), null)) == ([], ["null-problem"])
    assert one(_observation(("5",), _coded("no-known-problems"), null)).absence


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
