"""What the entries of the history say, and what they leave unsaid, one rule at a time."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import pytest

from carnet.formats.clinical.model import (
    Allergy,
    Device,
    Encounter,
    FamilyHistory,
    Problem,
    Procedure,
    Reaction,
)
from carnet.formats.clinical.values import Concept, Quantity, Span
from carnet.formats.entry import Coded, Identifier
from tests.formats.cda.entries.rest import SNOMED, answered, coded, found, one, read, small

_PCC: Final = "1.3.6.1.4.1.19376.1.5.3.1.4."
_ICD: Final = "2.16.840.1.113883.6.3"


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
        entry = _problem(coded("I64", _ICD), attributes='negationInd="true"', act="active")
        assert (entry.verification, entry.clinical, entry.absence) == ("refuted", "", False)

    def test_denied_by_its_concern(self) -> None:
        concern = _observation(("5",), coded("I64", _ICD), act="active").replace("<act ", '<act negationInd="true" ')
        entry = one(concern)
        assert isinstance(entry, Problem)
        assert (entry.verification, entry.clinical) == ("refuted", "")

    @pytest.mark.parametrize(
        ("act", "clinical"), [("active", "active"), ("completed", "resolved"), ("suspended", ""), ("", "")]
    )
    def test_the_state_of_its_concern(self, act: str, clinical: str) -> None:
        assert _problem(coded("I64", _ICD), act=act).clinical == clinical

    def test_its_own_state_comes_first(self) -> None:
        assert (
            _problem(coded("I64") + answered("33999-4", coded("recurrence")), act="completed").clinical == "recurrence"
        )
        assert _problem(coded("I64") + answered("33999-4", coded("73425007")), act="active").clinical == "inactive"

    def test_a_concern_that_goes_on_says_nothing_of_a_problem_that_ended(self) -> None:
        ended = '<effectiveTime><low value="2010"/><high value="2012"/></effectiveTime>'
        entry = _problem(ended + coded("I64"), act="active")
        assert (entry.clinical, entry.when) == ("", Span("2010", "2012"))

    @pytest.mark.parametrize("code", ["no-known-problems", "no-problem-info"])
    def test_none_known(self, code: str) -> None:
        entry = _problem(coded(code), attributes='negationInd="true"', act="active")
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
        assert found(_observation(("5",), coded("I64"), act="nullified")) == ([], [])

    def test_an_allergy_and_an_effect_are_none(self) -> None:
        entries, _ = found(_observation(("5", "6"), coded("I64")))
        assert not any(isinstance(each, Problem) for each in entries)
        effect = f'<entryRelationship typeCode="MFST">{_observation(("5",), coded("R50"))}</entryRelationship>'
        assert found(_observation(("9",), effect)) == ([], [])

    def test_in_several_places(self) -> None:
        sites = "".join(f'<targetSiteCode code="S{each}"/>' for each in "123")
        entry = _problem(coded("R27") + sites)
        assert [entry.body_site.label, *(each.label for each in entry.other_sites)] == ["S1", "S2", "S3"]


_AGENT: Final = (
    '<participant typeCode="CSM"><participantRole><playingEntity><code code="J01" codeSystem="2.16.840.1.113883.6.73" '
    'displayName="ofloxacine"/><name>Oflocet</name></playingEntity></participantRole></participant>'
)


def _allergy(inside: str = _AGENT, attributes: str = "", act: str = "") -> Allergy:
    code = f'<code code="416098002" codeSystem="{SNOMED}" displayName="allergie médicamenteuse"/>'
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
        inside = _AGENT + answered("82606-5", coded("high")) + answered("66455-7", coded("unconfirmed"))
        entry = _allergy(inside, act="active")
        assert (entry.criticality, entry.verification, entry.clinical) == ("high", "unconfirmed", "active")
        assert _allergy(attributes='negationInd="true"').verification == "refuted"

    def test_reactions(self) -> None:
        shown = (
            '<entryRelationship typeCode="MFST"><observation {}><effectiveTime><low value="2020"/></effectiveTime>'
            + coded("126485001")
            + "{}</observation></entryRelationship>"
        )
        severe, between = answered("SEV", coded("24484000")), answered("SEV", coded("371923003"))
        inside = _AGENT + shown.format("", severe) + shown.format('negationInd="true"', "") + shown.format("", between)
        urticaria = Concept("", (Coded("126485001", SNOMED, "Nom 126485001"),))
        assert _allergy(inside).reactions == (
            Reaction(manifestations=(urticaria,), severity="severe", onset="2020"),
            Reaction(manifestations=(urticaria,), onset="2020", note="Nom 371923003"),
        )

    def test_what_is_found_besides_the_agent_is_noted(self) -> None:
        assert _allergy(coded("10022402") + _AGENT).note == "Nom 10022402"

    @pytest.mark.parametrize("code", ["no-known-allergies", "no-allergy-info", "716186003", "409137002"])
    def test_none_known(self, code: str) -> None:
        entry = _allergy(coded(code), act="active")
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
            + reason.format(coded("I21", _ICD))
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
        age = answered("30525-0", '<value xsi:type="PQ" value="50" unit="a"/>')
        seen = _of_relative(coded("I21"), age) + _of_relative(coded("I64"), '<effectiveTime value="2000"/>')
        entry = one(_relative(seen, subject))
        assert isinstance(entry, FamilyHistory)
        assert (entry.code.label, entry.name, entry.sex, entry.born) == ("Mère", "Anne", "female", "1950")
        assert entry.deceased is True
        assert [each.onset for each in entry.conditions] == [Quantity(Decimal(50), "a", "a"), "2000"]

    def test_what_is_denied_is_left_out_and_said(self) -> None:
        seen = _of_relative(coded("I21")) + _of_relative(coded("I64"), attributes='negationInd="true"')
        (entry,), faults = found(_relative(seen))
        assert isinstance(entry, FamilyHistory)
        assert len(entry.conditions) == 1
        assert faults == ["family-denial"]

    def test_nothing_known(self) -> None:
        entry = one(_relative(_of_relative(coded("no-known-problems")), '<code nullFlavor="UNK"/>'))
        assert entry.absence

    def test_nobody_or_nothing(self) -> None:
        assert found(_relative(_of_relative(coded("I21")), "<code/>")) == ([], ["no-relative"])
        assert found(_relative("")) == ([], ["no-condition"])


def test_an_entry_that_is_null_is_a_statement_of_absence_or_none() -> None:
    null = 'nullFlavor="NI"'
    assert found(_observation(("5",), coded("I64"), null)) == ([], ["null-problem"])
    assert one(_observation(("5",), coded("no-known-problems"), null)).absence
