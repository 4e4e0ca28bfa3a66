"""The plain facts from which demonstration documents are made: people, places, documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from carnet.formats.cda.build import Address, Section, Template
from carnet.formats.entry import Author, Coded, Identifier
from carnet.formats.entry import Organisation as House
from carnet.formats.rpps import PROFESSIONAL_OID, STRUCTURE_OID, national_id_of_rpps
from carnet.formats.terminology.systems import A02_AUTHOR


@dataclass(frozen=True, slots=True)
class Organisation:
    """`finess` is of the test kind: it begins with 99, a department that does not exist."""

    key: str
    name: str
    finess: str
    facility: Coded
    setting: Coded
    address: Address
    phone: str

    @property
    def identifier(self) -> Identifier:
        return Identifier(STRUCTURE_OID, f"1{self.finess}")

    @property
    def house(self) -> House:
        return House(self.name, self.identifier)


@dataclass(frozen=True, slots=True)
class Professional:
    """`profession` is a code of G15, `speciality` one of R38 or empty; `title` is DR, MME or M."""

    key: str
    family: str
    given: str
    title: str
    rpps: str
    profession: str
    profession_name: str
    speciality: str
    speciality_name: str
    organisation: Organisation

    @property
    def name(self) -> str:
        return f"{self.civility} {self.given} {self.family}"

    @property
    def civility(self) -> str:
        return {"DR": "Dr", "MME": "Mme", "M": "M."}[self.title]

    @property
    def qualification(self) -> Coded:
        """The author's speciality as documents carry it: "G15_10/SM54"."""
        code = f"G15_{self.profession}" + (f"/{self.speciality}" if self.speciality else "")
        name = self.profession_name + (f" - {self.speciality_name}" if self.speciality else "")
        return Coded(code, A02_AUTHOR, name)

    def signature(self, at: datetime | None = None) -> Author:
        return Author(
            identifier=Identifier(PROFESSIONAL_OID, national_id_of_rpps(self.rpps)),
            family=self.family.upper(),
            given=self.given,
            prefix="" if self.title == "DR" else self.title,
            suffix="DR" if self.title == "DR" else "",
            profession=self.qualification,
            organisation=self.organisation.house,
            at=at,
        )


@dataclass(frozen=True, slots=True)
class Identity:
    """The traits of a person; `ins` has 15 characters. Documents carry the names as the civil registry does:
    capitals without accents (`upper`)."""

    key: str
    ins: str
    family: str
    given: str
    givens: str
    sex: str
    born: date
    birth_place: str
    birth_city: str
    address: Address
    phone: str

    @property
    def name(self) -> str:
        """As people write it, the family name in capitals: "Dominique PAT-TROIS"."""
        return f"{self.given} {self.family}"

    @property
    def age_words(self) -> str:
        return f"né{'e' if self.sex == 'F' else ''} le {self.born:%d/%m/%Y}"


@dataclass(frozen=True, slots=True)
class Scan:
    """A level-1 body: a PDF of ours made of these lines, under a title."""

    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A level-1 body: a JPEG of `demo/pictures`, by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Model:
    """A CI-SIS model of content: type of document and conformance declared by it."""

    type: Coded
    templates: tuple[Template, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the demonstration. `key` names it for ever: its uniqueId is made from it.

    `author` is None for what the health insurance feeds by itself. `depositor` is the key of the cast who
    deposits. `labels` are visibility codes given at the deposit, beside the N that the document carries. `orders` name
    what it was asked for by; documents that share one belong to the same act.
    """

    key: str
    model: Model
    title: str
    at: datetime
    patient: Identity
    author: Professional | None
    organisation: Organisation
    depositor: str
    body: tuple[Section, ...] | Scan | Picture
    labels: frozenset[str] = frozenset()
    acts: tuple[Coded, ...] = ()
    orders: tuple[str, ...] = ()
    started: datetime | None = None
    ended: datetime | None = None
    replaces: str = ""
    version: int = 1
    set_key: str = ""
