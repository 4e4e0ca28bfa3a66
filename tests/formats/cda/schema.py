"""The order of elements in the schema of CDA R2 (POCD_MT000040), told again as data: tests hold documents against it.

A key is an element, or `parent/element` where one name has two shapes. Elements of other namespaces are extensions,
which may stand anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

__all__ = ["ORDER", "REQUIRED", "complaints"]

_HL7: Final = "{urn:hl7-org:v3}"
_INFRASTRUCTURE: Final = ("realmCode", "typeId", "templateId")
# Who took part and what is linked, at the end of every clinical statement.
_PARTIES: Final = ("performer", "author", "informant", "participant")
_LINKS: Final = ("entryRelationship", "reference", "precondition")

ORDER: Final[dict[str, str]] = {
    "ClinicalDocument": "id code title effectiveTime confidentialityCode languageCode setId versionNumber copyTime "
    "recordTarget author dataEnterer informant custodian informationRecipient legalAuthenticator authenticator "
    "participant inFulfillmentOf documentationOf relatedDocument authorization componentOf component",
    "recordTarget": "patientRole",
    "patientRole": "id addr telecom patient providerOrganization",
    "patient": "id name administrativeGenderCode birthTime maritalStatusCode religiousAffiliationCode raceCode "
    "ethnicGroupCode guardian birthplace languageCommunication",
    "guardian": "id code addr telecom guardianPerson guardianOrganization",
    "birthplace": "place",
    "place": "name addr",
    "author": "functionCode time assignedAuthor",
    "assignedAuthor": "id code addr telecom assignedPerson assignedAuthoringDevice representedOrganization",
    "assignedPerson": "name",
    "assignedAuthoringDevice": "code manufacturerModelName softwareName asMaintainedEntity",
    "representedOrganization": "id name telecom addr standardIndustryClassCode asOrganizationPartOf",
    "custodian": "assignedCustodian",
    "assignedCustodian": "representedCustodianOrganization",
    "representedCustodianOrganization": "id name telecom addr",
    "informationRecipient": "intendedRecipient",
    "intendedRecipient": "id addr telecom informationRecipient receivedOrganization",
    "intendedRecipient/informationRecipient": "name",
    "legalAuthenticator": "time signatureCode assignedEntity",
    "assignedEntity": "id code addr telecom assignedPerson representedOrganization",
    "ClinicalDocument/participant": "functionCode time associatedEntity",
    "associatedEntity": "id code addr telecom associatedPerson scopingOrganization",
    "scopingOrganization": "id name telecom addr standardIndustryClassCode asOrganizationPartOf",
    "inFulfillmentOf": "order",
    "order": "id code priorityCode",
    "documentationOf": "serviceEvent",
    "serviceEvent": "id code effectiveTime performer",
    "serviceEvent/performer": "functionCode time assignedEntity",
    "relatedDocument": "parentDocument",
    "parentDocument": "id code text setId versionNumber",
    "componentOf": "encompassingEncounter",
    "encompassingEncounter": "id code effectiveTime dischargeDispositionCode responsibleParty encounterParticipant "
    "location",
    "responsibleParty": "assignedEntity",
    "encounterParticipant": "time assignedEntity",
    "encompassingEncounter/location": "healthCareFacility",
    "healthCareFacility": "id code location serviceProviderOrganization",
    "healthCareFacility/location": "name addr",
    "ClinicalDocument/component": "nonXMLBody structuredBody",
    "nonXMLBody": "text confidentialityCode languageCode",
    "structuredBody": "confidentialityCode languageCode component",
    "structuredBody/component": "section",
    "section": "id code title text confidentialityCode languageCode subject author informant entry component",
    "section/component": "section",
    "entry": "act encounter observation observationMedia organizer procedure regionOfInterest "
    "substanceAdministration supply",
    "act": "id code text statusCode effectiveTime priorityCode languageCode subject specimen " + " ".join(_PARTIES)
    + " " + " ".join(_LINKS),
    "observation": "id code derivationExpr text statusCode effectiveTime priorityCode repeatNumber languageCode value "
    "interpretationCode methodCode targetSiteCode subject specimen " + " ".join((*_PARTIES, *_LINKS))
    + " referenceRange",
    "organizer": "id code statusCode effectiveTime subject specimen " + " ".join(_PARTIES)
    + " reference precondition component",
    "procedure": "id code text statusCode effectiveTime priorityCode languageCode methodCode approachSiteCode "
    "targetSiteCode subject specimen " + " ".join((*_PARTIES, *_LINKS)),
    "substanceAdministration": "id code text statusCode effectiveTime priorityCode repeatNumber routeCode "
    "approachSiteCode doseQuantity rateQuantity maxDoseQuantity administrationUnitCode subject specimen consumable "
    + " ".join((*_PARTIES, *_LINKS)),
    "supply": "id code text statusCode effectiveTime priorityCode repeatNumber independentInd quantity "
    "expectedUseTime subject specimen product " + " ".join((*_PARTIES, *_LINKS)),
    "consumable": "manufacturedProduct",
    "product": "manufacturedProduct",
    "manufacturedProduct": "id manufacturedLabeledDrug manufacturedMaterial manufacturerOrganization",
    "manufacturedMaterial": "code name lotNumberText",
    "entryRelationship": "seperatableInd sequenceNumber act encounter observation observationMedia organizer procedure "
    "regionOfInterest substanceAdministration supply",
    "participantRole": "id code addr telecom playingDevice playingEntity scopingEntity",
    "playingEntity": "code quantity name desc",
    "referenceRange": "observationRange",
    "observationRange": "code text value interpretationCode",
    "table": "caption col colgroup thead tfoot tbody",
    "thead": "tr",
    "tbody": "tr",
    "list": "caption item",
}  # fmt: skip
REQUIRED: Final[dict[str, str]] = {
    "ClinicalDocument": "typeId id code effectiveTime confidentialityCode recordTarget author custodian component",
    "recordTarget": "patientRole",
    "patientRole": "id",
    "author": "time assignedAuthor",
    "assignedAuthor": "id",
    "assignedEntity": "id",
    "custodian": "assignedCustodian",
    "assignedCustodian": "representedCustodianOrganization",
    "representedCustodianOrganization": "id",
    "legalAuthenticator": "time signatureCode assignedEntity",
    "inFulfillmentOf": "order",
    "order": "id",
    "documentationOf": "serviceEvent",
    "relatedDocument": "parentDocument",
    "parentDocument": "id",
    "componentOf": "encompassingEncounter",
    "encompassingEncounter": "effectiveTime",
    "structuredBody": "component",
    "observation": "code",
    "organizer": "statusCode",
    "substanceAdministration": "consumable",
    "consumable": "manufacturedProduct",
    "tbody": "tr",
    "thead": "tr",
    "list": "item",
}
# At most one of each, where a second would change what readers see.
_ONCE: Final = frozenset(
    {"id", "code", "title", "effectiveTime", "confidentialityCode", "languageCode", "setId", "versionNumber",
     "recordTarget", "custodian", "legalAuthenticator", "componentOf", "component", "typeId"}
)  # fmt: skip


def complaints(document: etree._Element) -> list[str]:
    """What the schema would say, element by element; nothing when all is well."""
    found: list[str] = []
    for element in document.iter(f"{_HL7}*"):
        found += _complaints_of(element)
    names = [_local(child) for child in document if _is_hl7(child)]
    found += [f"ClinicalDocument has {name} twice" for name in _ONCE if names.count(name) > 1]
    return found


def _complaints_of(element: etree._Element) -> Iterator[str]:
    name, parent = _local(element), element.getparent()
    path = f"{_local(parent)}/{name}" if parent is not None else name
    names = [_local(child) for child in element if _is_hl7(child)]
    key = path if path in ORDER else name
    if key in ORDER:
        order = [*_INFRASTRUCTURE, *ORDER[key].split()]
        unknown = [each for each in names if each not in order]
        if unknown:
            yield f"{path} may not hold {unknown[0]}"
        elif sorted(names, key=order.index) != names:
            yield f"{path} has its elements in the order {' '.join(dict.fromkeys(names))}"
    if name in REQUIRED and not element.get("nullFlavor"):
        missing = [each for each in REQUIRED[name].split() if each not in names]
        yield from (f"{path} lacks {each}" for each in missing)


def _is_hl7(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and element.tag.startswith(_HL7)


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname
