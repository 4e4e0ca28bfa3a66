"""Where an observation stands decides what it is, and what it takes from around it."""

from __future__ import annotations

import pytest

from carnet.formats.cda import CdaError
from carnet.formats.cda.entries import EXTRACTS, read
from carnet.formats.clinical.model import Kind
from carnet.formats.clinical.values import Concept, Quantity, Span
from carnet.formats.entry import Coded
from tests.formats.cda.entries.small import (
    BIRTH,
    LAB,
    PREGNANCY,
    SIMPLE,
    SOCIAL,
    VITAL,
    body,
    observation,
    observed,
    section,
)
from tests.formats.cda.sample import HEADER, level1

_CERTIFICATE = HEADER["templates"] + '<templateId root="1.2.250.1.213.1.1.1.5"/>'
_MOTHER = '<subject typeCode="SBJ"><relatedSubject><code code="MTH" displayName="Mère"/></relatedSubject></subject>'
_RESULTS = '<templateId root="1.3.6.1.4.1.19376.1.5.3.1.3.28"/>'
_LOINC = '<code code="3289-6" codeSystem="2.16.840.1.113883.6.1"/>'
_NATIONAL = '<code code="PAT-012" codeSystem="1.2.250.1.213.1.1.4.322"/>'


def _in(statement: str, link: str = "COMP", outer: str = "act", inner: str = "") -> str:
    name = "component" if outer == "organizer" else "entryRelationship"
    return f'<{outer} moodCode="EVN">{inner}<{name} typeCode="{link}">{statement}</{name}></{outer}>'


def _kinds(*sections: str, **header: str) -> list[Kind]:
    return [each.kind for each in observed(*sections, **header)]


@pytest.mark.parametrize(
    ("template", "code", "kind"),
    [
        (LAB, "18719-5", Kind.RESULT),
        (LAB, BIRTH, Kind.RESULT),
        (VITAL, "8716-3", Kind.MEASURE),
        (VITAL, BIRTH, Kind.BIRTH),
        (PREGNANCY, "10162-6", Kind.PREGNANCY),
        (PREGNANCY, BIRTH, Kind.BIRTH),
        (SIMPLE, BIRTH, Kind.BIRTH),
        (SIMPLE, "57074-7", Kind.PREGNANCY),
        (SOCIAL, "29762-2", Kind.SOCIAL),
    ],
)
def test_a_template_in_its_section(template: str, code: str, kind: Kind) -> None:
    assert _kinds(section(f"<entry>{observation(template=template)}</entry>", code=code)) == [kind]


def test_a_section_within_the_section_of_the_newborn_is_of_the_birth_too() -> None:
    weight = section(f"<entry>{_in(observation(template=VITAL), outer='organizer')}</entry>", code="8716-3")
    assert _kinds(section("", code=BIRTH, inner=weight)) == [Kind.BIRTH]


def test_a_pregnancy_is_the_womans_or_the_childs_birth() -> None:
    told = observation(template=PREGNANCY)
    assert _kinds(section(f"<entry>{told}</entry>", code="10162-6"), templates=_CERTIFICATE) == [Kind.BIRTH]
    (entry,) = observed(section(f"<entry>{told}</entry>", code="10162-6", inner=_MOTHER))
    assert (entry.kind, entry.about) == (Kind.BIRTH, Concept("", (Coded("MTH", "", "Mère"),)))


def test_whose_fact_it_is_comes_from_the_nearest() -> None:
    father = _MOTHER.replace("MTH", "FTH").replace("Mère", "Père")
    told = [observation(inner, template=SOCIAL) for inner in ("", father)]
    entries = "".join(f"<entry>{each}</entry>" for each in told)
    found = observed(section(entries, code="29762-2", inner=_MOTHER))
    assert [each.about.label for each in found] == ["Mère", "Père"]
    assert observed(section(entries, code="29762-2"))[0].about == Concept()


@pytest.mark.parametrize(
    ("template", "code", "of_mother", "of_child"),
    [
        (LAB, "18719-5", None, Kind.PREGNANCY),
        (VITAL, "8716-3", None, Kind.PREGNANCY),
        (VITAL, BIRTH, Kind.BIRTH, Kind.PREGNANCY),
        (PREGNANCY, "10162-6", Kind.BIRTH, Kind.PREGNANCY),
        (SOCIAL, "29762-2", Kind.SOCIAL, Kind.SOCIAL),
    ],
)
def test_another_persons_measures_are_not_the_patients(
    template: str, code: str, of_mother: Kind | None, of_child: Kind | None
) -> None:
    for subject, kind in ((_MOTHER, of_mother), (_MOTHER.replace("MTH", "CHILD"), of_child)):
        told = section(f"<entry>{observation(subject, template=template)}</entry>", code=code)
        assert _kinds(told) == ([kind] if kind else [])
    own, nobody = _MOTHER.replace("MTH", "ONESELF"), _MOTHER.replace('code="MTH"', 'nullFlavor="UNK"')
    assert _kinds(section(f"<entry>{observation(own, template=template)}</entry>", code="1")) != []
    assert _kinds(section(f"<entry>{observation(nobody, template=template)}</entry>", code=code)) == []


def test_in_the_certificate_of_a_child_the_child_is_the_patient() -> None:
    child = _MOTHER.replace("MTH", "CHILD")
    weight = section(f"<entry>{observation(child, template=VITAL)}</entry>", code="8716-3", inner=_MOTHER)
    assert _kinds(weight, templates=_CERTIFICATE) == [Kind.MEASURE]


_REMARK = """<act moodCode="EVN"><code code="48767-8"/><text>{}</text></act>"""


def test_a_remark_on_a_battery_is_a_result_and_one_on_nothing_is_not() -> None:
    both = f"<component>{observation()}</component><component>{_REMARK.format('Hémolyse')}</component>"
    battery = f'<entry><organizer moodCode="EVN"><code code="1"/>{both}</organizer></entry>'
    assert [each.value for each in observed(section(battery))] == [None, "Hémolyse"]
    assert observed(section(battery))[1].panels == (Concept("", (Coded("1"),)),)
    alone = f"<entry>{_REMARK.format('Rien')}</entry><entry>{_in(_REMARK.format('Rien'))}</entry>"
    assert observed(section(alone)) == []
    assert len(observed(section(battery.replace("Hémolyse", "")))) == 1


def test_of_the_section_of_results_only_named_examinations_are_results() -> None:
    entries = "".join(f"<entry>{observation(template=SIMPLE, code=code)}</entry>" for code in (_LOINC, _NATIONAL))
    assert _kinds(section(entries, code="30954-2", templates=_RESULTS)) == [Kind.RESULT]
    assert _kinds(section(entries, code="42545-4")) == []


@pytest.mark.parametrize("mood", ["INT", "GOL", "RQO", "PRP", "ARQ"])
def test_what_is_planned_did_not_happen(mood: str) -> None:
    entries = "".join(f"<entry>{observation(template=each, mood=mood)}</entry>" for each in (LAB, VITAL, SOCIAL))
    assert _kinds(section(entries)) == []


def test_what_is_referred_to_is_not_new() -> None:
    old = f'<entryRelationship typeCode="REFR">{observation()}</entryRelationship>'
    (entry,) = observed(section(f"<entry>{_in(observation(old))}</entry>"))
    assert entry.path.endswith("/act/entryRelationship/observation")
    assert entry.components == ()


def test_blood_pressure_stays_two_observations() -> None:
    two = "".join(
        f"<component>{observation(template=VITAL, code=f'''<code code='{code}'/>''')}</component>"
        for code in ("8480-6", "8462-4")
    )
    found = observed(section(f'<entry><organizer moodCode="EVN">{two}</organizer></entry>'))
    assert [each.code.codings[0].code for each in found] == ["8480-6", "8462-4"]
    assert [each.components for each in found] == [(), ()]


def test_a_part_takes_the_time_of_its_battery_and_a_reason_does_not() -> None:
    time = '<effectiveTime value="20240203"/><code code="85353-1" displayName="Signes vitaux"/>'
    null = '<effectiveTime nullFlavor="NA"/>'
    own = '<effectiveTime value="2023"/>'
    for inner, when in ((null, "2024-02-03"), ("", "2024-02-03"), (own, "2023")):
        (entry,) = observed(section(f"<entry>{_in(observation(inner), outer='organizer', inner=time)}</entry>"))
        assert (entry.when, [each.label for each in entry.panels]) == (Span(when), ["Signes vitaux"])
    (entry,) = observed(section(f"<entry>{_in(observation(), link='RSON', inner=time)}</entry>"))
    assert (entry.when, entry.panels) == (Span(), ())


_SAMPLING = """<entryRelationship><procedure><templateId root="1.3.6.1.4.1.19376.1.3.1.2"/>
    <effectiveTime><high value="202401040735+0100"/></effectiveTime><participant typeCode="PRD">
    <participantRole classCode="SPEC"><playingEntity><code code="{}"/></playingEntity></participantRole></participant>
    </procedure></entryRelationship>"""


def test_the_specimen_is_that_of_the_one_sampling() -> None:
    (entry,) = observed(section(f"<entry>{_in(observation(), inner=_SAMPLING.format('BLD'))}</entry>"))
    assert (entry.specimen.label, entry.sampled) == ("BLD", "2024-01-04T07:35:00+01:00")
    both = _SAMPLING.format("BLD") + _SAMPLING.format("UR")
    (entry,) = observed(section(f"<entry>{_in(observation(), inner=both)}</entry>"))
    assert (entry.specimen, entry.sampled) == (Concept(), "")


_WHO = """<performer><assignedEntity><id root="1.2.250.1.71.4.2.1" extension="{}"/>
    <code code="G15_10/SM26" codeSystem="1.2.250.1.213.1.1.4.5" displayName="Médecin généraliste"/>
    <assignedPerson><name><prefix>M</prefix><given>Paul</given><family>PETIT</family></name></assignedPerson>
    <representedOrganization><id root="1.2.250.1.71.4.2.2" extension="1750803447"/><name>Cabinet</name>
    </representedOrganization></assignedEntity></performer>"""


def test_who_did_it_where_it_is_not_the_author_of_the_document() -> None:
    (entry,) = observed(section(f"<entry>{_in(observation(), inner=_WHO.format('810000000000'))}</entry>"))
    assert entry.by is not None
    assert entry.by.identifier is not None
    assert entry.by.identifier.value == "810000000000"
    assert entry.laboratory is not None
    assert entry.laboratory.name == "Cabinet"
    (entry,) = observed(section(f"<entry>{_in(observation(), inner=_WHO.format('810001001014'))}</entry>"))
    assert entry.by is None


_RANGE = """<referenceRange><observationRange>{}</observationRange></referenceRange>"""
_BOUNDS = '<value xsi:type="IVL_PQ"><low value="1" unit="g/L"/></value>'


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (_BOUNDS, ("1", None, "")),
        ("<text>moins de 2</text>", (None, None, "moins de 2")),
        ('<value xsi:type="ST">négatif</value>', (None, None, "négatif")),
        ('<value xsi:type="CD" code="1" displayName="absence"/>', (None, None, "absence")),
        (f'{_BOUNDS}<interpretationCode code="N" displayName="Normal"/>', ("1", None, "")),
        (f'{_BOUNDS}<interpretationCode code="HH" displayName="Toxique"/>', ("1", None, "Toxique")),
    ],
)
def test_ranges(inner: str, expected: tuple[str | None, str | None, str]) -> None:
    (entry,) = observed(section(f"<entry>{observation(_RANGE.format(inner))}</entry>"))
    (found,) = entry.ranges
    assert (found.low and str(found.low.value), found.high, found.text) == expected


def test_an_empty_range_is_none_and_a_criterion_says_for_whom() -> None:
    criterion = """<l:precondition xmlns:l="urn:oid:1.3.6.1.4.1.19376.1.3.2"><l:criterion>
        <l:value code="F" displayName="Femme"/></l:criterion></l:precondition>"""
    empty, hers = _RANGE.format(""), _RANGE.format(_BOUNDS + criterion)
    (entry,) = observed(section(f"<entry>{observation(empty + hers)}</entry>"))
    assert [each.applies_to.label for each in entry.ranges] == ["Femme"]


def test_the_items_of_a_score_are_its_parts() -> None:
    item = observation(
        '<value xsi:type="INT" value="1"/>', template="1.2.250.1.213.1.1.3.8", code='<code code="70184-7"/>'
    )
    score = '<value xsi:type="INT" value="4"/>' + f'<entryRelationship typeCode="COMP">{item}</entryRelationship>'
    (entry,) = observed(section(f"<entry>{observation(score, template='1.2.250.1.213.1.1.3.6')}</entry>"))
    assert (entry.kind, entry.value) == (Kind.FUNCTION, 4)
    assert [(each.code.label, each.value) for each in entry.components] == [("70184-7", 1)]


def test_a_second_value_is_a_part_under_the_same_code() -> None:
    two = '<value xsi:type="ST">un</value><value xsi:type="ST">deux</value>'
    (entry,) = observed(section(f"<entry>{observation(two)}</entry>"))
    assert (entry.value, [(each.code.label, each.value) for each in entry.components]) == ("un", [("2345-7", "deux")])


def test_a_denied_observation_is_one_of_absence() -> None:
    entries = "".join(
        f"<entry>{observation(more=each)}</entry>" for each in ('negationInd="true"', 'negationInd="0"', "")
    )
    assert [each.absence for each in observed(section(entries))] == [True, False, False]


@pytest.mark.parametrize(
    ("state", "expected"),
    [("completed", "final"), ("active", "preliminary"), ("aborted", "cancelled"),
     ("held", "registered"), ("elsewhere", ""), ("", "")],
)  # fmt: skip
def test_states(state: str, expected: str) -> None:
    (entry,) = observed(section(f"<entry>{observation(f'''<statusCode code='{state}'/>''')}</entry>"))
    assert entry.status == expected


def test_what_its_author_takes_back_is_no_fact() -> None:
    """Its own line, and the battery that it stands in."""
    for state in ("nullified", "obsolete"):
        taken_back = f"<statusCode code='{state}'/>"
        assert not observed(section(f"<entry>{observation(taken_back)}</entry>"))
        battery = f"<organizer>{taken_back}<component>{observation()}</component></organizer>"
        assert not observed(section(f"<entry>{battery}</entry>"))
        assert observed(section(f"<entry>{battery.replace(state, 'completed')}</entry>"))


def test_an_observation_without_a_code_is_a_fault_and_the_rest_goes_on() -> None:
    entries = "".join(f"<entry>{observation(code=code)}</entry>" for code in ("", '<code nullFlavor="NA"/>', _LOINC))
    given = body(section(entries))
    assert [each.code for each in given.faults] == ["no-code", "no-code"]
    assert [each.path[-21:] for each in given.faults] == ["/entry[1]/observation", "/entry[2]/observation"]
    assert [each.code.code_of("2.16.840.1.113883.6.1") for each in given.entries] == ["3289-6"]


def test_words_of_a_code_that_only_say_the_value_again_name_nothing() -> None:
    code = '<code code="1" displayName="Numéro"><originalText><reference value="#cell"/></originalText></code>'
    said = '<value xsi:type="ST">1324</value>'
    (entry,) = observed(
        section(f"<entry>{observation(said, code=code)}</entry>", text='<content ID="cell">1324</content>')
    )
    assert (entry.code.label, entry.value) == ("Numéro", "1324")


def test_comments_are_notes() -> None:
    comment = """<entryRelationship typeCode="SUBJ"><act><code code="48767-8"/><text><reference value="#said"/></text>
        </act></entryRelationship>"""
    (entry,) = observed(
        section(f"<entry>{observation(comment * 2)}</entry>", text='<content ID="said">À jeun</content>')
    )
    assert entry.note == "À jeun"


def test_a_document_without_a_structured_body_has_no_entries() -> None:
    assert read(level1()).entries == ()
    with pytest.raises(CdaError):
        read(b"<html/>")
    assert EXTRACTS >= 1


def test_the_value_of_a_quantity_keeps_its_digits() -> None:
    (entry,) = observed(
        section(f"""<entry>{observation('<value xsi:type="PQ" value="63.000000" unit="g/L"/>')}</entry>""")
    )
    assert isinstance(entry.value, Quantity)
    assert str(entry.value.value) == "63.000000"
