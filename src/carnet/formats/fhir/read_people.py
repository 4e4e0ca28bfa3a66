"""Authors, authenticator and organisations of a DocumentReference, out of its contained resources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from carnet.formats import ins, rpps
from carnet.formats.entry import Author, Coded, Identifier, Organisation
from carnet.formats.fhir import identifiers, patient, relations
from carnet.formats.fhir.node import Node
from carnet.formats.terminology import systems

__all__ = ["Contained", "coded"]

# Of the several codes of a person, the profession is the one in the first of these systems.
_PROFESSIONS: Final = tuple(map(systems.canonical, ("A02", "G15", "R95", "R94", "R291", "G16", "A00")))


def coded(node: Node, *preferred: str) -> Coded | None:
    """The code of a CodeableConcept: the first in a preferred system, else the first, else its text.

    A null flavor says that there is none.
    """
    found = [_coding(each) for each in node.children("coding")]
    if any(each.system == systems.NULL_FLAVOR for each in found):
        return None
    known = [each for each in found if each.code]
    for system in preferred:
        for each in known:
            if systems.canonical(each.system) == system:
                return each
    if known:
        return known[0]
    text = node.text("text")
    return Coded("", "", text) if text else None


def _coding(node: Node) -> Coded:
    return Coded(node.text("code"), systems.to_oid(node.text("system")), node.text("display"))


@dataclass(frozen=True, slots=True)
class Contained:
    """The resources that references may lead to: those contained in a resource (`#id`), or of one document."""

    resources: Mapping[str, Node]

    @classmethod
    def of(cls, root: Node) -> Contained:
        return cls({f"#{each.text('id')}": each for each in root.children("contained") if each.has("id")})

    def has(self, reference: str) -> bool:
        return identifiers.full_url(reference) in self.resources

    def resolve(self, reference: Node, *types: str) -> Node | None:
        """The resource, if it is there and of one of these types (any when none is given)."""
        found = self.resources.get(identifiers.full_url(reference.text("reference")))
        if found is None:
            return None
        return found if not types or found.text("resourceType") in types else None

    def author(self, reference: Node) -> Author | None:
        """None, with a warning, when the reference says nothing of who that is."""
        target = self.resolve(reference)
        author = self._author(target) if target else self._named(reference)
        if author is None or author == Author():
            reference.problem("author-unresolved")
            return None
        return author

    def organisation(self, reference: Node) -> Organisation | None:
        target = self.resolve(reference, "Organization")
        if target:
            found = Organisation(target.text("name"), _preferred(target, rpps.STRUCTURE_OID))
        else:
            found = Organisation(reference.text("display"), _logical(reference))
        return found if found != Organisation() else None

    def _author(self, target: Node) -> Author | None:
        match target.text("resourceType"):
            case "Practitioner":
                return _person(target)
            case "RelatedPerson":
                return _related(target)
            case "PractitionerRole":
                return self._role(target)
            case "Device":
                return self._device(target)
            case "Patient":
                return _patient(target)
            case "Organization":
                organisation = Organisation(target.text("name"), _preferred(target, rpps.STRUCTURE_OID))
                return Author(organisation=organisation) if organisation != Organisation() else None
            case _:
                return None

    def _role(self, target: Node) -> Author:
        reference = target.child("practitioner")
        practitioner = self.resolve(reference, "Practitioner")
        person = (_person(practitioner) if practitioner else self._named(reference)) or Author()
        profession, role = _specialty(target), _role_text(target)
        number = _preferred(target, rpps.PROFESSIONAL_OID) if not person.identifier else None
        return replace(
            person,
            identifier=person.identifier or number,
            profession=profession or person.profession,
            role=role,
            organisation=self.organisation(target.child("organization")),
        )

    def _device(self, target: Node) -> Author:
        names = [each.text("name") for each in target.children("deviceName")]
        name = next(filter(None, names), "") or target.text("modelNumber") or target.text("manufacturer")
        return Author(
            identifier=_preferred(target),
            device=name or "Dispositif",
            organisation=self.organisation(target.child("owner")),
        )

    def _named(self, reference: Node) -> Author | None:
        """A reference that leads to nothing contained may still carry an identifier or a name."""
        number, display = _logical(reference), reference.text("display")
        if not number and not display:
            return None
        if reference.text("type") == "Organization" or (number and number.system == rpps.STRUCTURE_OID):
            return Author(organisation=Organisation(display, number))
        return Author(identifier=number, family=display)


def _person(target: Node) -> Author:
    name = next(target.children("name"), target.nothing())
    professions = [coded(each.child("code"), *_PROFESSIONS) for each in target.children("qualification")]
    known = [each for each in professions if each and systems.canonical(each.system) in _PROFESSIONS]
    return Author(
        identifier=_preferred(target, rpps.PROFESSIONAL_OID),
        family=name.text("family") or name.text("text"),
        given=" ".join(name.texts("given")),
        prefix=" ".join(name.texts("prefix")),
        # The title of a doctor is a suffix in the French profile.
        suffix=" ".join(name.texts("suffix")),
        profession=known[0] if known else None,
    )


def _related(target: Node) -> Author:
    codes = [code for each in target.children("relationship") for code in each.children("coding")]
    known = (relations.read(each.text("system"), each.text("code")) for each in codes)
    relation = next(filter(None, known), "")
    found = _person(target)
    return Author(family=found.family, relation=relation) if relation and not found.given else found


def _patient(target: Node) -> Author:
    traits = patient.read(target)
    return Author(
        identifier=traits.ins or traits.local,
        family=traits.used_family or traits.birth_family,
        given=traits.used_given or traits.birth_given,
    )


def _specialty(target: Node) -> Coded | None:
    concepts = [*target.children("specialty"), *target.children("code")]
    found = [coded(each, *_PROFESSIONS) for each in concepts]
    for each in found:
        if each and systems.canonical(each.system) in _PROFESSIONS:
            return each
    return next((each for each in found[: len(list(target.children("specialty")))] if each), None)


def _role_text(target: Node) -> str:
    for concept in target.children("code"):
        found = coded(concept)
        text = concept.text("text") or (found.display if found else "")
        if text and not (found and systems.canonical(found.system) in _PROFESSIONS):
            return text
    return ""


def _preferred(target: Node, *preferred: str) -> Identifier | None:
    """The number in the national system, else an INS, else the first one."""
    given = [identifiers.from_fhir(each.text("system"), each.text("value")) for each in target.children("identifier")]
    known = [each for each in given if each.value]
    for system in (*preferred, *ins.OIDS):
        for each in known:
            if each.system == system:
                return each
    return known[0] if known else None


def _logical(reference: Node) -> Identifier | None:
    number = reference.child("identifier")
    value = number.text("value")
    return identifiers.from_fhir(number.text("system"), value) if value else None
