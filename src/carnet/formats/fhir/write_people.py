"""Contained resources of a DocumentReference: its author, authenticator, custodian and source patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from carnet.formats import ins
from carnet.formats.entry import Author, Organisation, Patient
from carnet.formats.fhir import identifiers, patient, relations
from carnet.formats.fhir.writing import codeable, pruned

__all__ = ["UNKNOWN_NAME", "ContainedWriter", "is_patient"]

UNKNOWN_NAME: Final = "Non précisé"
_THE_PATIENT: Final = "Le patient de ce document"


@dataclass(slots=True)
class ContainedWriter:
    """Gathers the contained resources, each once, and gives references to them.

    What is contained carries no meta (dom-4) and is always referenced (dom-3).
    """

    resources: list[dict[str, Any]] = field(default_factory=list)

    def source_patient(self, traits: Patient) -> dict[str, str]:
        return self.add("Patient", patient.element(traits))

    def author(self, author: Author) -> dict[str, str]:
        """A practitioner (in a role when more is known), a device, the patient, or who adds something for them."""
        if is_patient(author):
            return self.add("Patient", _person(author))
        if author.relation:
            return self._related(author)
        if author.device:
            return self._device(author)
        if author.organisation or author.profession or author.role or not _person(author):
            return self._role(author)
        return self.add("Practitioner", _person(author))

    def authenticator(self, author: Author) -> dict[str, str]:
        """Like an author, but the profile lets an organisation stand there by itself, and no device."""
        alone = author.organisation and not (_person(author) or author.profession or author.role)
        if author.organisation and (alone or author.device):
            return self.organisation(author.organisation)
        return self._role(author) if author.device else self.author(author)

    def source(self, author: Author) -> dict[str, str]:
        """Like an author of a document, but a practitioner always stands in a role."""
        is_patient = author.identifier and ins.kind_of(author.identifier.system)
        return self.author(author) if author.device or author.relation or is_patient else self._role(author)

    def recipient(self, author: Author) -> dict[str, str]:
        """A practitioner, in a role or not, or an organisation."""
        alone = author.organisation and not (_person(author) or author.profession or author.role)
        if author.organisation and alone:
            return self.organisation(author.organisation)
        return self.author(author) if not author.device else self._role(author)

    def custodian(self, given: Organisation | None, *others: Author | None) -> dict[str, str]:
        """PDSm demands one: without it, the organisation of who wrote or signed keeps the document."""
        known = (given, *(author.organisation for author in others if author))
        found = next((each for each in known if each and each != Organisation()), None)
        return self.organisation(found) if found else {"display": UNKNOWN_NAME}

    def organisation(self, organisation: Organisation) -> dict[str, str]:
        number = [identifiers.to_fhir(organisation.identifier)] if organisation.identifier else []
        return self.add("Organization", pruned({"identifier": number, "name": organisation.name}))

    def _role(self, author: Author) -> dict[str, str]:
        person = _person(author)
        role: dict[str, Any] = {
            "practitioner": self.add("Practitioner", person) if person else None,
            "organization": self.organisation(author.organisation) if author.organisation else None,
            "code": [{"text": author.role}] if author.role else None,
            "specialty": [codeable(author.profession)] if author.profession else None,
        }
        if not any(role.values()):
            role["practitioner"] = {"display": author.device or UNKNOWN_NAME}
        return self.add("PractitionerRole", pruned(role))

    def _related(self, author: Author) -> dict[str, str]:
        """Of the patient of the document, whom the subject names."""
        content = {
            "patient": {"display": _THE_PATIENT},
            "relationship": [relations.written(author.relation)],
            "name": [{"text": author.family}],
        }
        return self.add("RelatedPerson", content) | {"display": author.family}

    def _device(self, author: Author) -> dict[str, str]:
        number = [identifiers.to_fhir(author.identifier)] if author.identifier else []
        owner = self.organisation(author.organisation) if author.organisation else None
        name = [{"name": author.device, "type": "user-friendly-name"}]
        return self.add("Device", pruned({"identifier": number, "deviceName": name, "owner": owner}))

    def add(self, resource_type: str, content: Mapping[str, Any]) -> dict[str, str]:
        for known in self.resources:
            if known == {"resourceType": resource_type, "id": known["id"], **content}:
                return {"reference": f"#{known['id']}"}
        number = 1 + sum(known["resourceType"] == resource_type for known in self.resources)
        local = f"{resource_type.lower()}-{number}"
        self.resources.append({"resourceType": resource_type, "id": local, **content})
        return {"reference": f"#{local}"}


def is_patient(author: Author) -> bool:
    """Whether the author is a person with a record, who has a national health number."""
    return bool(author.identifier and ins.kind_of(author.identifier.system))


def _person(author: Author) -> dict[str, Any]:
    number = [identifiers.to_fhir(author.identifier)] if author.identifier else []
    name = pruned({"family": author.family, "given": [author.given] if author.given else []})
    if name and author.prefix:
        name["prefix"] = [author.prefix]
    if name and author.suffix:
        name["suffix"] = [author.suffix]
    return pruned({"identifier": number, "name": [name] if name else []})
