"""Every piece of the corpus: the main fields of its entry against what lxml alone finds at its path."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, cast

import pytest
from lxml import etree

from carnet.formats.cda.xml import clinical_document, parse
from carnet.formats.clinical.model import (
    Allergy,
    Device,
    Dispensation,
    Encounter,
    Entry,
    FamilyHistory,
    Kind,
    Prescription,
    Problem,
    Procedure,
    Product,
    Treatment,
    Vaccination,
)
from carnet.formats.clinical.values import Concept, Quantity, Range, Ratio
from tests.corpus import cda_bytes, cda_facts, needs_corpus
from tests.formats.cda.entries.rest import NS, read

pytestmark = needs_corpus

_FACTS = cda_facts()
_SNOMED: Final = "2.16.840.1.113883.6.96"
_SEVERITIES: Final = {"255604002": "mild", "6736007": "moderate", "24484000": "severe"}
Piece = etree._Element


def _at(root: Piece, path: str) -> Piece:
    """The element at a path such as `/ClinicalDocument/component/structuredBody/component[2]`."""
    steps = path.removeprefix("/ClinicalDocument/").split("/")
    found = root.find("/".join(f"h:{step}" for step in steps), NS)
    assert found is not None
    return found


def _strings(piece: Piece, path: str) -> list[str]:
    return [str(each).strip() for each in cast("list[str]", piece.xpath(path, namespaces=NS)) if str(each).strip()]


def _first(piece: Piece, path: str) -> str:
    return next(iter(_strings(piece, path)), "")


@lru_cache(maxsize=1)
def _marks(root: Piece) -> dict[str, Piece]:
    return {each.get("ID", ""): each for each in reversed(list(root.iter("*"))) if each.get("ID")}


def _words(piece: Piece, path: str) -> str:
    """The text at the path, else the one of the narrative that its reference points to."""
    for each in cast("list[Piece]", piece.xpath(path, namespaces=NS)):
        own = " ".join("".join(map(str, each.itertext())).split())
        mark = _first(each, "h:reference/@value").lstrip("#")
        there = _marks(each.getroottree().getroot()).get(mark)
        return own or ("" if there is None else " ".join("".join(map(str, there.itertext())).split()))
    return ""


def _codes(concept: Concept) -> set[tuple[str, str]]:
    return {(each.code, each.system) for each in concept.codings}


def _coded(piece: Piece, *paths: str) -> set[tuple[str, str]]:
    """Codes and systems at these paths, with their translations."""
    elements = [
        each
        for path in paths
        for each in cast("list[Piece]", piece.xpath(f"{path}|{path}/h:translation", namespaces=NS))
    ]
    return {
        (each.get("code", ""), each.get("codeSystem", ""))
        for each in elements
        if each.get("code") and not each.get("nullFlavor")
    }


def _same_time(moment: str, stated: str) -> None:
    """As precise as the source: the same digits, and seconds only where it has minutes."""
    digits = re.sub(r"[+-]\d{4}$", "", stated)
    if not digits:
        assert moment == ""
        return
    mine = re.sub(r"\D", "", re.sub(r"[+-]\d\d:\d\d$", "", moment))
    assert mine == (digits if len(digits) <= 8 else digits.ljust(14, "0"))


def _check_times(entry: Entry, piece: Piece, path: str = "h:effectiveTime") -> None:
    for moment, ends in ((entry.when.start, ("@value", "h:low/@value")), (entry.when.end, ("h:high/@value",))):
        stated = "|".join(f"({path})/{end}" for end in ends)
        _same_time(moment, _first(piece, stated))


def _check_common(entry: Entry, piece: Piece) -> None:
    ids = cast("list[Piece]", piece.xpath("h:id[@root][not(@nullFlavor)]", namespaces=NS))
    stated = {(each.get("root", "").lower(), each.get("extension", "")) for each in ids}
    got = {
        (each.value.removeprefix("urn:oid:").removeprefix("urn:uuid:"), "")
        if each.system == "urn:ietf:rfc:3986"
        else (each.system.lower(), each.value)
        for each in entry.identifiers
    }
    assert got == stated
    assert entry.code or entry.kind == Kind.ENCOUNTER
    comment = "h:entryRelationship/h:act[h:code/@code='48767-8']/h:text"
    assert _words(piece, comment) in entry.note
    family = _first(piece, "h:performer//h:family/text()") or _first(piece, "h:author//h:family/text()")
    assert entry.by is None or entry.by.family == family or entry.kind == Kind.ENCOUNTER or not family


def _check_product(product: Product, piece: Piece) -> None:
    material = "*[self::h:consumable or self::h:product]/h:manufacturedProduct/h:manufacturedMaterial"
    stated = _coded(piece, f"{material}/h:code")
    stated |= _coded(piece, f"{material}/p:asSpecializedKind/p:generalizedMedicineClass/p:code")
    stated |= _coded(piece, f"{material}/p:asContent/p:containerPackagedMedicine/p:code")
    assert _codes(product.code) == stated
    name = _words(piece, f"{material}/h:name[not(@nullFlavor)]")
    assert product.code.text in {name, _words(piece, f"{material}/h:code/h:originalText")}
    assert product.code.text == name or not name
    assert product.lot == _first(piece, f"{material}/h:lotNumberText[not(@nullFlavor)]/text()")
    assert _codes(product.form) == _coded(piece, f"{material}/p:formCode")
    substances = _coded(piece, f"{material}/p:ingredient/p:ingredient/p:code", f"{material}/h:code/h:translation")
    substances -= _coded(piece, f"{material}/h:code")
    assert {code for each in product.ingredients for code in _codes(each.substance)} == substances
    strengths = _strings(piece, f"{material}/p:ingredient/p:quantity/h:numerator/@value")
    assert [
        str(each.strength.value) for each in product.ingredients if isinstance(each.strength, Quantity)
    ] == strengths


def _bounds(amount: Quantity | Range | Ratio | None) -> list[str]:
    if amount is None:
        return []
    assert not isinstance(amount, Ratio)
    several = (amount, amount) if isinstance(amount, Quantity) else (amount.low, amount.high)
    return [f"{each.value} {each.unit}".strip() for each in several if each is not None]


def _stated_bounds(piece: Piece, name: str) -> list[str]:
    values = cast("list[Piece]", piece.xpath(f"h:{name}/h:low[@value]|h:{name}/h:high[@value]", namespaces=NS))
    whole = cast("list[Piece]", piece.xpath(f"h:{name}[@value]", namespaces=NS)) * 2
    return [f"{each.get('value')} {each.get('unit', '')}".strip() for each in whole or values]


def _check_dosages(entry: Treatment | Prescription | Dispensation, line: Piece) -> None:
    inside = "h:entryRelationship[@typeCode='COMP']/h:substanceAdministration"
    phases = cast("list[Piece]", line.xpath(inside, namespaces=NS)) or [line]
    if entry.absence or not entry.dosages:
        return
    assert len(entry.dosages) == len(phases)
    for dosage, phase in zip(entry.dosages, phases, strict=True):
        number = _first(phase, "../h:sequenceNumber/@value")
        assert dosage.sequence == (int(number) if number else None)
        assert _bounds(dosage.dose) == _stated_bounds(phase, "doseQuantity")
        assert _bounds(dosage.rate) == _stated_bounds(phase, "rateQuantity")
        periods = cast("list[Piece]", phase.xpath("h:effectiveTime//h:period", namespaces=NS))
        every = dosage.timing.period if dosage.timing else None
        assert ([f"{every.value} {every.unit}"] if every else []) == [
            f"{each.get('value')} {each.get('unit')}" for each in periods
        ]
        widths = _strings(phase, "h:effectiveTime/h:comp/h:width/@value")
        lasts = dosage.timing.bounds if dosage.timing else None
        assert ([str(lasts.value)] if isinstance(lasts, Quantity) else []) == widths
        for frequency in periods:
            assert _words(frequency, "h:translation/h:originalText") in dosage.text
        routes = _coded(phase, "h:routeCode") or _coded(line, "h:routeCode")
        assert _codes(dosage.route) == routes
        most = _first(phase, "h:maxDoseQuantity/h:numerator/@value") or _first(
            line, "h:maxDoseQuantity/h:numerator/@value"
        )
        assert (str(dosage.most.numerator.value) if dosage.most else "") == most
        told = "h:entryRelationship/h:act[h:code/@code='PINSTRUCT']/h:text"
        assert dosage.instructions == _words(line, told) or phase is line.getparent()


def _check_medicine(entry: Treatment | Prescription, piece: Piece) -> None:
    _check_common(entry, piece)
    if not entry.absence:
        _check_product(entry.product, piece)
    # A single taking stands in a second time, beside an interval that is null.
    _check_times(entry, piece, "h:effectiveTime[not(@operator)]|h:effectiveTime[@value]")
    _check_dosages(entry, piece)
    reasons = {code for each in entry.reasons for code in _codes(each)}
    assert reasons == _coded(piece, "h:entryRelationship[@typeCode='RSON']/h:act/h:code")


def _check_line(entry: Prescription, piece: Piece) -> None:
    repeats = _first(piece, "h:repeatNumber/@value")
    assert entry.repeats == (int(repeats) if repeats else None)
    boxes = _first(piece, "h:entryRelationship/h:supply[@moodCode='RQO']/h:quantity/@value")
    assert (str(entry.quantity.value) if entry.quantity else "") == boxes
    substitution = _first(piece, "h:entryRelationship/h:act[@moodCode='DEF']/h:code/@code")
    assert entry.substitution == ({"N": False}.get(substitution, True) if substitution else None)
    said = _strings(piece, "h:entryRelationship/h:observation[h:value/@value='true']/h:code/@code")
    assert [each.codings[0].code for each in entry.categories] == said
    is_order = _first(piece, "ancestor::h:section[1]/h:code/@code") == "57828-6"
    assert entry.intent == ("order" if is_order else "plan")
    document = _first(piece, "/h:ClinicalDocument/h:id/@root")
    assert (entry.group.value if entry.group else "") == (f"urn:oid:{document}" if is_order else "")
    assert entry.status == "unknown"


def _check_dispensation(entry: Dispensation, piece: Piece) -> None:
    above = cast("list[Piece]", piece.xpath("ancestor::h:substanceAdministration[1]", namespaces=NS))
    _check_product(entry.product, above[0] if above else piece)
    quantity = _first(piece, "h:quantity/@value")
    assert (str(entry.quantity.value) if entry.quantity else "") == quantity
    _same_time(entry.when.start, _first(piece, "h:performer/h:time/@value"))
    line = _first(piece, "h:entryRelationship[@typeCode='REFR']/h:substanceAdministration/h:id/@root").lower()
    assert (entry.prescription.value.removeprefix("urn:uuid:") if entry.prescription else "") == line
    substituted = _first(piece, "h:entryRelationship/h:act[@moodCode='EVN']/h:code/@code")
    assert entry.substituted == ((substituted != "N") if substituted else None)
    inside = cast(
        "list[Piece]", piece.xpath("h:entryRelationship[@typeCode='COMP']/h:substanceAdministration", namespaces=NS)
    )
    told = _words(piece, "h:entryRelationship/h:act[h:code/@code='PINSTRUCT']/h:text")
    assert len(entry.dosages) == (len(inside) or bool(told))
    for dosage, dose in zip(entry.dosages, inside, strict=False):
        assert _bounds(dosage.dose) == _stated_bounds(dose, "doseQuantity")
    assert all(each.instructions == told for each in entry.dosages)


def _check_vaccination(entry: Vaccination, piece: Piece) -> None:
    _check_common(entry, piece)
    _check_times(entry, piece)
    assert entry.product is not None
    _check_product(entry.product, piece)
    assert entry.code == entry.product.code
    assert entry.lot == entry.product.lot
    assert entry.status == ("not-done" if piece.get("negationInd") == "true" else "completed")
    assert entry.dose_number == _first(piece, ".//h:observation[h:code/@code='30973-2']/h:value/@value")
    assert _codes(entry.series) == _coded(piece, "h:code")
    assert _codes(entry.route) == _coded(piece, "h:routeCode")
    assert _codes(entry.site) == _coded(piece, "h:approachSiteCode")
    assert _bounds(entry.dose) == _stated_bounds(piece, "doseQuantity")
    reactions = {code for each in entry.reactions for code in _codes(each)}
    assert reactions == _coded(piece, "h:entryRelationship[@typeCode='CAUS']/h:observation/h:value")


def _answer(piece: Piece, code: str) -> str:
    return _first(piece, f"h:entryRelationship/h:observation[h:code/@code='{code}']/h:value/@code")


def _check_allergy(entry: Allergy, piece: Piece) -> None:
    _check_common(entry, piece)
    _check_times(entry, piece)
    agent = "h:participant[@typeCode='CSM']//h:playingEntity/h:code"
    assert _codes(entry.code) == (_coded(piece, agent) or _coded(piece, "h:value") or _coded(piece, "h:code"))
    assert entry.absence == _first(piece, "h:value/@code").startswith("no-")
    assert entry.criticality == _answer(piece, "82606-5")
    assert entry.verification == _answer(piece, "66455-7")
    act = _first(piece, "../../h:statusCode/@code")
    stated = _answer(piece, "33999-4") or {"active": "active", "completed": "resolved"}[act]
    assert entry.clinical == ("" if entry.absence else stated)
    shown = "h:entryRelationship[@typeCode='MFST']/h:observation[not(@negationInd='true')]"
    manifested = {code for each in entry.reactions for what in each.manifestations for code in _codes(what)}
    assert manifested == _coded(piece, f"{shown}/h:value")
    severities = _strings(
        piece,
        ".//h:observation[h:code/@code='SEV'][not(ancestor::h:observation/@negationInd='true')]/h:value/@code",
    )
    assert sorted(each.severity for each in entry.reactions if each.severity) == sorted(
        _SEVERITIES[each] for each in severities
    )


def _check_problem(entry: Problem, piece: Piece) -> None:
    _check_common(entry, piece)
    _check_times(entry, piece)
    assert _codes(entry.code) == _coded(piece, "h:value[not(@nullFlavor)]")
    assert _codes(entry.category) == _coded(piece, "h:code")
    denied = piece.get("negationInd") == "true"
    assert entry.absence == _first(piece, "h:value/@code").startswith("no-")
    expected = "" if entry.absence else "refuted" if denied else _answer(piece, "66455-7")
    assert entry.verification == expected
    stated = _answer(piece, "33999-4")
    assert not stated or entry.clinical == stated
    severity = _answer(piece, "SEV")
    assert {each.code for each in entry.severity.codings} == ({severity} if severity else set())
    sites = {code for each in (entry.body_site, *entry.other_sites) for code in _codes(each)}
    assert sites == _coded(piece, "h:targetSiteCode")


def _check_procedure(entry: Procedure, piece: Piece) -> None:
    _check_common(entry, piece)
    _check_times(entry, piece)
    assert _codes(entry.code) == _coded(piece, "h:code")
    sites = {code for each in entry.body_sites for code in _codes(each)}
    assert sites == _coded(piece, "h:targetSiteCode")
    assert entry.location == _words(piece, "h:participant[@typeCode='LOC']/h:participantRole/h:playingEntity/h:name")
    if piece.get("negationInd") == "true":
        assert entry.status == ("unknown" if entry.absence else "not-done")
    elif piece.get("moodCode") == "INT":
        assert entry.status == "preparation"
    else:
        stated = _first(piece, "h:statusCode/@code")
        known = {"completed": "completed", "active": "in-progress", "cancelled": "not-done", "": "unknown"}
        assert entry.status == known[stated]


def _check_device(entry: Device, piece: Piece) -> None:
    code = "h:participant[@typeCode='DEV']/h:participantRole/h:playingDevice/h:code"
    assert _codes(entry.code) == _coded(piece, code)
    ids = cast("list[Piece]", piece.xpath("h:participant/h:participantRole/h:id[not(@nullFlavor)]", namespaces=NS))
    assert len(entry.unique) == len(ids)
    assert [each.value for each in entry.unique if each.system != "urn:ietf:rfc:3986"] == [
        each.get("extension") for each in ids if each.get("extension")
    ]
    used = _first(piece, "h:effectiveTime//@value") or _first(piece, "h:effectiveTime/@value")
    _same_time(entry.when.start, used or _first(piece, "h:performer/h:time/@value"))
    assert entry.status == ("intended" if piece.get("moodCode") == "INT" else "")
    quantity = _first(piece, "h:quantity/@value")
    assert (str(entry.quantity.value) if entry.quantity else "") == quantity


def _check_encounter(entry: Encounter, piece: Piece) -> None:
    _check_common(entry, piece)
    _check_times(entry, piece)
    narrower = _coded(piece, "h:code/h:qualifier/h:value")
    assert _codes(entry.code) == (narrower or _coded(piece, "h:code"))
    kind = _first(piece, "h:code[@codeSystem='2.16.840.1.113883.5.4']/@code")
    assert not kind or (entry.encounter_class is not None and entry.encounter_class.code == kind)
    house = _words(piece, "h:performer//h:representedOrganization/h:name")
    assert not house or (entry.provider is not None and entry.provider.name == house)
    planned = piece.get("moodCode") == "ARQ"
    assert (entry.status == "planned") == planned


def _check_relative(entry: FamilyHistory, piece: Piece) -> None:
    _check_common(entry, piece)
    conditions = _coded(piece, "h:component/h:observation/h:value")
    if entry.absence:
        assert _codes(entry.code) == conditions
        assert entry.conditions == ()
        return
    assert _codes(entry.code) == _coded(piece, "h:subject/h:relatedSubject/h:code")
    assert {code for each in entry.conditions for code in _codes(each.code)} == conditions
    sex = _first(piece, ".//h:administrativeGenderCode/@code")
    assert entry.sex == {"M": "male", "F": "female", "": ""}[sex]
    _same_time(entry.born, _first(piece, ".//h:birthTime/@value"))
    began = [str(each.onset) for each in entry.conditions if each.onset]
    assert began == _strings(piece, "h:component/h:observation/h:effectiveTime/@value")


_CHECKS: Final[dict[type[Entry], tuple[Callable[[Any, Piece], None], ...]]] = {
    Treatment: (_check_common, _check_medicine),
    Prescription: (_check_common, _check_medicine, _check_line),
    Dispensation: (_check_dispensation,),
    Vaccination: (_check_common, _check_vaccination),
    Allergy: (_check_common, _check_allergy),
    Problem: (_check_common, _check_problem),
    Procedure: (_check_common, _check_procedure),
    Device: (_check_device,),
    Encounter: (_check_common, _check_encounter),
    FamilyHistory: (_check_common, _check_relative),
}


@pytest.mark.parametrize("facts", _FACTS, ids=[each["file"] for each in _FACTS])
def test_the_fields_of_every_piece(facts: dict[str, Any]) -> None:
    data = cda_bytes(facts)
    root = clinical_document(parse(data))
    for entry in read(data)[0]:
        piece = _at(root, entry.path)
        for check in _CHECKS[type(entry)]:
            check(entry, piece)
