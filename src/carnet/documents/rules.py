"""What a deposit must be, before anything is stored. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from carnet.formats.entry import Author, DocumentEntry, Identifier
from carnet.formats.ins import Ins, InsError, Kind, parse
from carnet.formats.terminology import document_types, labels
from carnet.formats.terminology.document_types import DocumentType


class Fault(StrEnum):
    """Stable codes of what makes a deposit impossible; the faces put words and a status to each."""

    INS_MISSING = "ins-missing"
    INS_INVALID = "ins-invalid"
    INS_KEY = "ins-key"
    INS_NOT_REAL = "ins-not-real"
    UNKNOWN_PATIENT = "unknown-patient"
    PATIENT_DIFFERS = "patient-differs"
    TYPE_UNKNOWN = "type-unknown"
    LABELS_EXCLUDE_EVERYONE = "labels-exclude-everyone"
    OTHER_CONTENT = "unique-id-other-content"
    OTHER_LABELS = "unique-id-other-labels"
    OTHER_REPLACED = "unique-id-other-replaced"
    ID_UNUSABLE = "unique-id-unusable"
    REPLACED_UNKNOWN = "replaced-unknown"
    REPLACED_SUPERSEDED = "replaced-superseded"
    REPLACED_SEVERAL = "replaced-several"
    NOT_REPLACED = "not-replaced"
    SET_USED = "submission-set-used"
    FOLDER_UNKNOWN = "folder-unknown"
    ITEM_UNKNOWN = "item-unknown"
    NOT_PERSONAL = "not-personal"
    ANNOUNCED = "already-announced"
    URGENT_FEED = "urgent-feed"
    CONTENT = "content"


_MESSAGES = {
    Fault.INS_MISSING: "Le document ne porte pas de matricule INS : indiquez-le dans l'identité du patient.",
    Fault.INS_INVALID: "Le matricule INS n'a pas la forme attendue : 13 caractères et une clé de 2 chiffres.",
    Fault.INS_KEY: "La clé du matricule INS est fausse : vérifiez le numéro.",
    Fault.INS_NOT_REAL: "Les identités de test et de démonstration ne sont pas acceptées ici.",
    Fault.UNKNOWN_PATIENT: "Aucun carnet ouvert ne correspond à cette identité.",
    Fault.PATIENT_DIFFERS: "Le document porte l'identité d'un autre patient que celui de la demande.",
    Fault.TYPE_UNKNOWN: "Ce type de document n'est pas dans la nomenclature (JDV_J66-TypeCode-DMP).",
    Fault.LABELS_EXCLUDE_EVERYONE: (
        "Un document ne peut pas être à la fois masqué aux professionnels et invisible au patient :"
        " seul son auteur pourrait le lire."
    ),
    Fault.OTHER_CONTENT: (
        "Un document portant cet identifiant est déjà déposé avec un autre contenu :"
        " donnez un nouvel identifiant à la nouvelle version."
    ),
    Fault.OTHER_LABELS: "Ce document est déjà déposé, sans toutes les restrictions qui sont demandées ici.",
    Fault.OTHER_REPLACED: "Ce document est déjà déposé, sans remplacer celui qui est désigné ici.",
    Fault.REPLACED_UNKNOWN: "Le document à remplacer n'est pas parmi ceux que vous avez déposés dans ce carnet.",
    Fault.REPLACED_SUPERSEDED: "Le document à remplacer l'a déjà été : remplacez sa version actuelle.",
    Fault.REPLACED_SEVERAL: "Ce document est dit remplacer plusieurs documents de ce carnet.",
    Fault.NOT_REPLACED: "Un document déclaré remplacé ne l'est par aucun document de ce lot.",
    Fault.SET_USED: "Cet identifiant de lot de soumission ou de classeur est déjà pris : donnez-en un autre.",
    Fault.FOLDER_UNKNOWN: "Le classeur à modifier n'est pas parmi ceux que vous avez créés dans ce carnet.",
    Fault.ITEM_UNKNOWN: "Un document à classer n'est pas connu dans ce carnet.",
    Fault.NOT_PERSONAL: (
        "Une personne n'ajoute à un carnet que ses propres documents :"
        " un type de document du patient, dont elle est l'auteur."
    ),
    Fault.ANNOUNCED: (
        "Le patient a ce document sous les yeux, ou le mois qui suit son dépôt est passé : il ne se retire plus."
    ),
    Fault.URGENT_FEED: "La personne s'oppose à ce que les urgences alimentent son carnet : remettez-lui ce document.",
    Fault.ID_UNUSABLE: "Cet identifiant de document ne peut pas être utilisé : donnez-en un autre.",
}


class DepositRefused(Exception):
    """Nothing was stored. `message` is French and says how to mend; it never repeats the document. `position` is the
    number of the document in its submission, `folder` that of the folder; `others` are the faults besides the first;
    `hidden_from` are label bits: who is kept from such documents is told nothing of the attempt."""

    def __init__(
        self,
        fault: Fault,
        message: str = "",
        *,
        code: str = "",
        position: int | None = None,
        folder: int | None = None,
    ) -> None:
        self.fault = fault
        self.code = code or fault.value
        self.message = message or _MESSAGES[fault]
        self.position = position
        self.folder = folder
        self.others: tuple[DepositRefused, ...] = ()
        self.traced = False
        self.hidden_from = 0
        super().__init__(self.code)

    @property
    def all(self) -> tuple[DepositRefused, ...]:
        return (self, *self.others)


def refuse(faults: Sequence[DepositRefused]) -> None:
    """Raises all the faults of a submission as one, when there are any."""
    if faults:
        first, *others = faults
        first.others = tuple(others)
        raise first


@dataclass(frozen=True, slots=True)
class Identified:
    """The person whom a deposit concerns, and what was harmlessly wrong with their number."""

    ins: Ins
    warnings: tuple[str, ...] = ()


def patient_of(identifier: Identifier | None, *, demonstration: bool) -> Identified:
    """A real INS with a right key; in the demonstration test identities pass, and a wrong key is a warning
    (public samples mix right and wrong keys)."""
    if identifier is None:
        raise DepositRefused(Fault.INS_MISSING)
    try:
        ins = parse(identifier.value, identifier.system)
    except InsError as error:
        raise DepositRefused(Fault.INS_INVALID, error.message_fr) from error
    if demonstration:
        return Identified(ins, () if ins.key_ok else ("La clé du matricule INS est fausse.",))
    if ins.kind not in {Kind.NIR, Kind.NIA}:
        raise DepositRefused(Fault.INS_NOT_REAL)
    if not ins.key_ok:
        raise DepositRefused(Fault.INS_KEY)
    return Identified(ins)


def type_of(entry: DocumentEntry) -> DocumentType:
    known = document_types.by_code(entry.type.code, entry.type.system)
    if known is None:
        raise DepositRefused(Fault.TYPE_UNKNOWN)
    return known


def excludes_everyone(bits: int) -> bool:
    """But the author."""
    return bool(bits & labels.MASQUE_PS and bits & labels.INVISIBLE_PATIENT)


def personal(entry: DocumentEntry, kind: DocumentType, helper: str = "") -> bool:
    """What the holder of a record, or who represents or helps them, may add: a type that patients write, under the name
    of the patient or the adder's own (`helper`; "" for the holder). Nobody adds one in the name of anybody else."""
    own = entry.patient.ins
    return (
        kind.written_by == "patient"
        and own is not None
        and all(each.identifier == own or _of_helper(each, helper) for each in entry.authors)
    )


def _of_helper(author: Author, helper: str) -> bool:
    return bool(helper and author.relation) and author == Author(family=helper, relation=author.relation)
