"""The one table of what the FHIR door does: interactions, search parameters, operations, profiles.

It changes with the code that it describes. Canonical URLs are those of FHIR R4, MHD and PDSm (interoperability
reference, a.1 and a.5).
"""

from __future__ import annotations

from typing import Final, Literal

from carnet.formats.fhir import patch
from carnet.formats.fhir.capability.entries import ENTRIES, OF_PATIENT
from carnet.formats.fhir.capability.model import Operation, Parameter, Resource, Server
from carnet.formats.fhir.subscription.model import PROFILE as SUBSCRIPTION
from carnet.formats.fhir.subscription.model import TOPICS
from carnet.formats.fhir.write_document import PROFILE

__all__ = ["SERVER"]

_HL7: Final = "http://hl7.org/fhir/"
_MHD: Final = "https://profiles.ihe.net/ITI/MHD/"
_PDSM: Final = "https://interop.esante.gouv.fr/ig/fhir/pdsm/"


def _core(
    name: str, kind: Literal["date", "reference", "string", "token"], definition: str, documentation: str = ""
) -> Parameter:
    return Parameter(name, kind, f"{_HL7}SearchParameter/{definition}", documentation)


_COMMON: Final = (
    Parameter("isArchived", "token", f"{_PDSM}SearchParameter/PDSm-isArchived", "true ou false."),
    _core("_id", "token", "Resource-id"),
    _core("_lastUpdated", "date", "Resource-lastUpdated"),
)
_PATIENT: Final = (
    _core("patient", "reference", "clinical-patient", "ID ou Patient?identifier=SYSTÈME|INS."),
    Parameter("patient.identifier", "token", documentation="SYSTÈME|INS."),
)

_PATIENT_OF_EVENTS: Final = (
    _core("patient", "reference", "AuditEvent-patient", "ID ou Patient?identifier=SYSTÈME|INS."),
    Parameter("patient.identifier", "token", documentation="SYSTÈME|INS."),
)

_PATIENTS: Final = Resource(
    type="Patient",
    documentation="Existence d’un dossier (TD0.2) : recherche par matricule INS complet. "
    "active vaut true quand le dossier est ouvert.",
    interactions={"read": "Pour qui lit le dossier.", "search-type": "TD0.2"},
    parameters=(_core("identifier", "token", "Patient-identifier", "Obligatoire, avec système et valeur."),),
    operations=OF_PATIENT,
)

_PRACTITIONERS: Final = Resource(
    type="Practitioner",
    documentation="Le professionnel pour qui le jeton a été donné (fhirUser), et nul autre.",
    interactions={"read": ""},
)

_DOCUMENTS: Final = Resource(
    type="DocumentReference",
    documentation="Les fiches des documents. Un même document renvoyé ne crée pas de seconde fiche.",
    profile=PROFILE,
    supported_profiles=(
        f"{_PDSM}StructureDefinition/pdsm-simplified-publish",
        f"{_MHD}StructureDefinition/IHE.MHD.Comprehensive.DocumentReference",
        f"{_MHD}StructureDefinition/IHE.MHD.SimplifiedPublish.DocumentReference",
        f"{_MHD}StructureDefinition/IHE.MHD.Minimal.DocumentReference",
    ),
    versioned=True,
    interactions={
        "create": "Publication simplifiée (ITI-105).",
        "read": "",
        "vread": "",
        "history-instance": "",
        "search-type": "ITI-67, par GET et par POST _search.",
        "patch": "Masquer, montrer, archiver, retirer (TD3.3a à TD3.3d) : seuls status, securityLabel et isArchived se "
        "modifient, sinon 422. Par l’id ou par identifier=SYSTÈME|VALEUR.",
    },
    parameters=(
        *_PATIENT,
        _core("status", "token", "DocumentReference-status"),
        _core("identifier", "token", "clinical-identifier", "Cherche dans masterIdentifier et dans identifier."),
        _core("type", "token", "clinical-type"),
        _core("category", "token", "DocumentReference-category"),
        _core("facility", "token", "DocumentReference-facility"),
        _core("setting", "token", "DocumentReference-setting"),
        _core("format", "token", "DocumentReference-format"),
        _core("event", "token", "DocumentReference-event"),
        _core("security-label", "token", "DocumentReference-security-label"),
        Parameter("creation", "date", f"{_MHD}SearchParameter/DocumentReference-Creation"),
        _core("date", "date", "DocumentReference-date"),
        _core("period", "date", "DocumentReference-period"),
        Parameter("period-start", "date", f"{_PDSM}SearchParameter/PDSm-DocumentReference-period-start"),
        Parameter("period-end", "date", f"{_PDSM}SearchParameter/PDSm-DocumentReference-period-end"),
        _core("author", "reference", "DocumentReference-author"),
        Parameter("author.given", "string"),
        Parameter("author.family", "string"),
        _core("related", "reference", "DocumentReference-related"),
        Parameter(
            "_content",
            "string",
            f"{_HL7}SearchParameter/Resource-content",
            "Mots exacts dans le document, sa fiche comprise : tous, sans égard à la casse ni aux accents.",
        ),
        Parameter(
            "_text",
            "string",
            f"{_HL7}SearchParameter/DomainResource-text",
            "Les mêmes, dans le titre, le type et les auteurs seulement.",
        ),
        _core("relatesto", "reference", "DocumentReference-relatesto"),
        *_COMMON,
    ),
    operations=(
        Operation("validate", f"{_HL7}OperationDefinition/Resource-validate", "Vérifie, et ne garde rien."),
        Operation(
            "withdraw",
            "urn:carnet:fhir:operation:withdraw",
            "Retire un document par son déposant, avec le motif (reason : wrong-patient ou error).",
        ),
        Operation(
            "generate-metadata",
            f"{_MHD}OperationDefinition/generate-metadata",
            "Publie un CDA ou un document FHIR seul, qui donne lui-même la fiche (ITI-106).",
        ),
    ),
)

_LISTS: Final = Resource(
    type="List",
    documentation="Les lots de soumission et les classeurs, avec ce qu’ils ont de visible pour qui les lit.",
    profile=f"{_PDSM}StructureDefinition/pdsm-submissionset-comprehensive",
    supported_profiles=(
        f"{_MHD}StructureDefinition/IHE.MHD.Comprehensive.SubmissionSet",
        f"{_MHD}StructureDefinition/IHE.MHD.Minimal.SubmissionSet",
        f"{_PDSM}StructureDefinition/pdsm-folder-comprehensive",
    ),
    versioned=True,
    interactions={
        "read": "",
        "vread": "",
        "history-instance": "Un classeur change ; un lot de soumission reste ce qu’il est.",
        "search-type": "ITI-66, par GET et par POST _search.",
    },
    parameters=(
        *_PATIENT,
        _core("code", "token", "clinical-code"),
        _core("status", "token", "List-status"),
        _core("identifier", "token", "clinical-identifier"),
        _core("date", "date", "clinical-date"),
        Parameter("designationType", "token", f"{_MHD}SearchParameter/List-DesignationType"),
        Parameter("sourceId", "token", f"{_MHD}SearchParameter/List-SourceId"),
        _core("source", "reference", "List-source"),
        Parameter("source.given", "string"),
        Parameter("source.family", "string"),
        Parameter("authorOrg", "reference", f"{_PDSM}SearchParameter/PDSm-List-authorOrg"),
        _core("title", "string", "List-title"),
        *_COMMON,
    ),
)

_BINARIES: Final = Resource(
    type="Binary",
    documentation="Le document lui-même (ITI-68), octet pour octet dans son propre type ; "
    "la ressource Binary où Accept ou _format préfère application/fhir+json.",
    interactions={"read": "ITI-68"},
)

_BUNDLES: Final = Resource(
    type="Bundle",
    documentation="Un document FHIR, tel qu’il a été déposé.",
    interactions={"read": "ITI-68"},
)

_CONSENTS: Final = Resource(
    type="Consent",
    documentation="Ce que la personne a permis ou refusé : tout pour elle-même ; pour un professionnel, les "
    "autorisations à son propre nom. Un blocage et les choix pour l’urgence se lisent, et se changent ailleurs.",
    interactions={
        "create": "Par la personne, ou qui la représente : une autorisation (provision.type permit), avec ou sans fin, "
        "ou le blocage d’un professionnel (deny), nommé par son numéro. Par un professionnel, qui déclare l’accord "
        "donné lors de la consultation : permit, jusqu’au soir, ou jusqu’à provision.period.end, dans un an au plus.",
        "read": "",
        "search-type": "Par GET et par POST _search, du plus récent au plus ancien.",
        "patch": "Terminer une autorisation : status devient inactive, et rien d’autre ne change.",
    },
    parameters=(
        *_PATIENT,
        _core("status", "token", "Consent-status"),
        _core("_id", "token", "Resource-id"),
    ),
)

_AUDIT_EVENTS: Final = Resource(
    type="AuditEvent",
    documentation="Qui a fait quoi dans le carnet : pour la personne elle-même, ou qui la représente. Les formes sont "
    "celles de IHE BALP, sans les adresses du réseau, qui ne sont pas gardées.",
    interactions={
        "read": "",
        "search-type": "Par GET et par POST _search, du plus récent au plus ancien. Le total vient seul, par "
        "_summary=count ou _count=0 : une page n’en a pas.",
    },
    parameters=(
        *_PATIENT_OF_EVENTS,
        _core("date", "date", "AuditEvent-date"),
        _core("action", "token", "AuditEvent-action"),
        _core("outcome", "token", "AuditEvent-outcome", "0, ou 4 pour ce qui a été refusé."),
        _core("type", "token", "AuditEvent-type"),
    ),
)

_BACKPORT: Final = "http://hl7.org/fhir/uv/subscriptions-backport/"
_SUBSCRIPTIONS: Final = Resource(
    type="Subscription",
    documentation="Être averti des changements d’un carnet où l’on a un droit, par un REST hook signé et sans contenu.",
    profile=SUBSCRIPTION,
    supported_profiles=(SUBSCRIPTION,),
    interactions={
        "create": "Une seule personne par abonnement, nommée dans _criteria ; le récepteur est enregistré d’avance.",
        "read": "",
        "update": "Demande de nouveau, prolonge ou arrête (status = off).",
        "delete": "",
        "search-type": "Les siens, du plus récent au plus ancien.",
    },
    parameters=(
        _core("status", "token", "Subscription-status"),
        _core("criteria", "string", "Subscription-criteria", "L’adresse d’un sujet."),
    ),
    operations=(
        Operation("status", f"{_BACKPORT}OperationDefinition/backport-subscription-status"),
        Operation("events", f"{_BACKPORT}OperationDefinition/backport-subscription-events"),
    ),
    topics=tuple(url for url, _ in TOPICS.values()),
)

_APPOINTMENTS: Final = Resource(
    type="Appointment",
    documentation="La journée d’un professionnel, préparée par son logiciel : qui vient, par son matricule INS, et "
    "quand ; rien de sa santé. Aujourd’hui et demain seulement, effacé après. Rien n’y est dit de l’existence "
    "d’un carnet.",
    interactions={
        "create": "Le même patient à la même heure, encore, est le même rendez-vous (200).",
        "read": "Ceux que ce logiciel a préparés pour ce professionnel.",
        "update": "L’heure ou la personne ; status cancelled l’ôte.",
        "delete": "L’ôte.",
        "search-type": "Par GET et par POST _search, dans l’ordre de la journée.",
    },
    parameters=(_core("date", "date", "Appointment-date", "Un jour, aaaa-mm-jj."),),
)

SERVER: Final = Server(
    resources=(
        _PATIENTS,
        _PRACTITIONERS,
        _DOCUMENTS,
        _LISTS,
        _CONSENTS,
        _AUDIT_EVENTS,
        _BINARIES,
        _BUNDLES,
        _SUBSCRIPTIONS,
        _APPOINTMENTS,
        *ENTRIES,
    ),
    interactions={"transaction": f"{_PDSM}StructureDefinition/pdsm-comprehensive-provide-document-bundle"},
    instantiates=(
        f"{_PDSM}CapabilityStatement/PDSm-GestionnaireDePartageDeDocuments",
        f"{_MHD}CapabilityStatement/IHE.MHD.DocumentResponder",
        f"{_MHD}CapabilityStatement/IHE.MHD.DocumentRecipient.Comprehensive",
        f"{_MHD}CapabilityStatement/IHE.MHD.DocumentRecipient.Simplified",
        f"{_MHD}CapabilityStatement/IHE.MHD.DocumentRecipient.Generate",
    ),
    guides=(f"{_PDSM}ImplementationGuide/ans.fhir.fr.pdsm",),
    patch_formats=patch.FORMATS,
)
