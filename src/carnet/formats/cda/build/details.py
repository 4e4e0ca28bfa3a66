"""What a CI-SIS header says besides the DocumentEntry. All of it may be left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from carnet.formats.entry import Author, Coded, Identifier, Organisation

__all__ = ["Address", "Contact", "Details", "Telecom", "Template"]


@dataclass(frozen=True, slots=True)
class Address:
    street: str
    postal_code: str
    city: str
    country: str = "FRANCE"


@dataclass(frozen=True, slots=True)
class Telecom:
    """`uri` as `tel:0261910001`; `use` is of HL7: WP at work, H at home, MC mobile, or empty."""

    uri: str
    use: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    address: Address | None = None
    telecoms: tuple[Telecom, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """Conformance to a model of content; `version` is its edition ("2024.01") where the model has editions."""

    root: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """`templates`: the model of a structured body; those of the entry's format when none is given.
    `patient`, and `contacts` by identifier: addresses and telephones; who has none is reached at their organisation.
    `performer` of the principal act: the authenticator, else the first author, unless another is named.
    `place` of care: the custodian, unless another is named; `encounter`: AMB, IMP … of HL7 ActCode.
    """

    templates: tuple[Template, ...] = ()
    patient: Contact = field(default_factory=Contact)
    birth_city: str = ""
    contacts: Mapping[Identifier, Contact] = field(default_factory=dict)
    performer: Author | None = None
    place: Organisation | None = None
    encounter: Coded | None = None

    def contact(self, identifier: Identifier | None, organisation: Organisation | None = None) -> Contact:
        """How to reach a person, an organisation, or a person at their organisation."""
        for each in (identifier, organisation.identifier if organisation else None):
            if each is not None and each in self.contacts:
                return self.contacts[each]
        return Contact()
