"""A summary as a document Bundle: the Composition first, then whom it is about, who wrote it, and each fact."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Any, Final
from uuid import uuid5

from carnet.formats.clinical.model import Entry
from carnet.formats.entry import Author
from carnet.formats.fhir import entries as facts
from carnet.formats.fhir import identifiers, patient, times
from carnet.formats.fhir.entries import narrative, parts
from carnet.formats.fhir.entries.extensions import unknown
from carnet.formats.fhir.ips import words
from carnet.formats.fhir.ips.summary import Summary, is_empty_reason, sectioned
from carnet.formats.fhir.write_people import UNKNOWN_NAME, ContainedWriter, is_patient
from carnet.formats.fhir.writing import pruned

__all__ = ["write"]

JSON = dict[str, Any]
_GUIDE: Final = "http://hl7.org/fhir/uv/ips/StructureDefinition/"
_LOINC: Final = "http://loinc.org"
_CARE: Final = "http://terminology.hl7.org/CodeSystem/v3-ActClass"


def write(summary: Summary) -> JSON:
    """Its numbers are `Decimal` (see `entries.dump`)."""
    draft = _Draft(summary)
    subject = draft.add("patient", _patient(summary))
    author, attester = draft.person(summary.author, subject), draft.person(summary.attester, subject)
    custodian = dict(draft.people.custodian(summary.custodian, summary.author))
    facts_by_code = sectioned(summary)
    sections = [draft.section(code, found, subject) for code, found in facts_by_code.items()]
    sections += [draft.remark(*each) for each in summary.remarks if each[0] not in facts_by_code]
    composition = {
        "resourceType": "Composition",
        "id": draft.name("composition"),
        "meta": {"profile": [f"{_GUIDE}Composition-uv-ips"]},
        "language": summary.language,
        "text": _narrative(summary, sections),
        "identifier": _identifier(summary),
        "status": "final",
        "type": {"coding": [{"system": _LOINC, "code": "60591-5", "display": "Patient summary Document"}]},
        "subject": {"reference": subject},
        "date": times.instant(summary.written),
        "author": [author or {"display": UNKNOWN_NAME}],
        "title": _title(summary),
        "confidentiality": "N",
        "attester": [_attested(summary, attester)] if attester else [],
        "custodian": custodian,
        "event": [
            {
                "code": [{"coding": [{"system": _CARE, "code": "PCPR"}]}],
                "period": {"end": times.instant(summary.written)},
            }
        ],
        "section": sections,
    }
    return draft.bundle(pruned(composition))


def _identifier(summary: Summary) -> JSON:
    return {"system": identifiers.URI_SYSTEM, "value": identifiers.uuid_urn(summary.number)}


def _title(summary: Summary) -> str:
    return summary.title or words.TITLE[summary.language]


def _attested(summary: Summary, party: JSON) -> JSON:
    return {"mode": "legal", "time": times.instant(summary.written), "party": party}


def _narrative(summary: Summary, sections: list[JSON]) -> JSON:
    titles = "".join(f"<li>{escape(each['title'], quote=False)}</li>" for each in sections)
    inner = f"<p>{escape(_title(summary), quote=False)}</p><ul>{titles}</ul>"
    return {"status": "generated", "div": narrative.div(inner, summary.language)}


def _patient(summary: Summary) -> JSON:
    """The guide demands a name and a date of birth: where there is none it is said."""
    traits = summary.patient
    element = patient.element(traits)
    for name in element.setdefault("name", []):
        if "family" not in name and "given" not in name:
            name["text"] = traits.birth_givens
    if not element["name"]:
        element["name"] = [{"text": words.UNKNOWN[summary.language]}]
    if not element.get("birthDate"):
        element["_birthDate"] = unknown()
    names = [traits.used_family or traits.birth_family, traits.used_given or traits.birth_given, traits.birth_date]
    told = " ".join(filter(None, names)) or words.UNKNOWN[summary.language]
    text = {
        "status": "generated",
        "div": narrative.div(f"<p>{escape(told, quote=False)}</p>", summary.language),
    }
    return {"resourceType": "Patient", "text": text} | element


@dataclass(slots=True)
class _Draft:
    """Names resources by their place, so that the same summary is written the same."""

    summary: Summary
    people: ContainedWriter = field(default_factory=ContainedWriter)
    resources: list[JSON] = field(default_factory=list)

    def name(self, place: str) -> str:
        return str(uuid5(self.summary.number, place))

    def add(self, place: str, resource: JSON) -> str:
        name = self.name(place)
        self.resources.append({"resourceType": resource["resourceType"], "id": name} | resource)
        return identifiers.uuid_urn(name)

    def person(self, author: Author | None, subject: str) -> JSON:
        if author is None:
            return {}
        return {"reference": subject} if is_patient(author) else dict(self.people.author(author))

    def section(self, code: str, entries: tuple[Entry, ...], subject: str) -> JSON:
        language = self.summary.language
        lines = "".join(f"<li>{escape(narrative.line(each, language), quote=False)}</li>" for each in entries)
        said = "".join(_paragraph(text) for known, _, text in self.summary.remarks if known == code)
        # What somebody wrote is more than the facts say.
        told = {
            "status": "additional" if said else "generated",
            "div": narrative.div(f"<ul>{lines}</ul>{said}", language),
        }
        section: JSON = {
            "title": words.TITLES[code][language],
            "code": {"coding": [{"system": _LOINC, "code": code, "display": words.NAMES[code]}]},
            "text": told,
        }
        if is_empty_reason(entries[0]):
            return section | {"emptyReason": parts.concept(entries[0].code)}
        return section | {"entry": [self._fact(code, number, each, subject) for number, each in enumerate(entries)]}

    def remark(self, code: str, title: str, text: str) -> JSON:
        """A section of words alone."""
        return {
            "title": title,
            "code": {"coding": [{"system": _LOINC, "code": code}]},
            "text": {"status": "additional", "div": narrative.div(_paragraph(text), self.summary.language)},
        }

    def _fact(self, code: str, number: int, entry: Entry, subject: str) -> JSON:
        place = f"{code}/{number}"
        ids = facts.Written(self.name(place), subject, language=self.summary.language)
        return {"reference": self.add(place, facts.write(entry, ids))}

    def bundle(self, composition: JSON) -> JSON:
        beside = [{**each, "id": self.name(each["id"])} for each in self.people.resources]
        urls = {f"#{each['id']}": identifiers.uuid_urn(self.name(each["id"])) for each in self.people.resources}
        patient_first, *found = self.resources
        people = [_pointing(each, urls) for each in beside]
        everything = [_pointing(composition, urls), patient_first, *people, *found]
        return {
            "resourceType": "Bundle",
            "id": str(self.summary.number),
            "meta": {"profile": [f"{_GUIDE}Bundle-uv-ips"]},
            "language": self.summary.language,
            "identifier": _identifier(self.summary),
            "type": "document",
            "timestamp": times.instant(self.summary.written),
            "entry": [{"fullUrl": identifiers.uuid_urn(each["id"]), "resource": each} for each in everything],
        }


def _paragraph(text: str) -> str:
    return f"<p>{escape(text, quote=False)}</p>"


def _pointing(value: Any, urls: dict[str, str]) -> Any:
    """With references to what stands in the bundle, where they led into a resource."""
    if isinstance(value, list):
        return [_pointing(each, urls) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: urls.get(each, each) if name == "reference" and isinstance(each, str) else _pointing(each, urls)
        for name, each in value.items()
    }
