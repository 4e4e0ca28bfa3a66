"""The metadata of a document against what it says itself."""

from __future__ import annotations

from typing import Final

from carnet.formats.fhir.problems.problem import METADATA, Problem

PROBLEMS: Final = (
    Problem(
        "header-patient",
        422,
        "conflict",
        "Le patient de la fiche n’est pas celui que le document lui-même nomme.",
        "Vérifiez le matricule INS dans subject et dans recordTarget (CDA) ou Composition.subject (FHIR).",
        xds="XDSPatientIdDoesNotMatch",
    ),
    Problem(
        "header-traits",
        422,
        "conflict",
        "Le document ne porte pas de matricule INS, et les traits de son patient ne sont pas ceux de la personne"
        " désignée.",
        "Vérifiez le patient de la fiche, ou corrigez recordTarget (CDA) ou le Patient de Composition.subject (FHIR),"
        " de préférence avec son INS.",
        xds="XDSPatientIdDoesNotMatch",
    ),
    Problem(
        "header-unique-id",
        422,
        "conflict",
        "L’identifiant de la fiche n’est pas celui du document lui-même.",
        "Écrivez dans masterIdentifier l’identifiant ClinicalDocument.id.",
        xds="XDSDocumentUniqueIdError",
    ),
    Problem(
        "header-type",
        422,
        "conflict",
        "Le type de la fiche n’est pas celui du document lui-même.",
        "Écrivez dans type le code ClinicalDocument.code (CDA) ou Composition.type (FHIR).",
        xds=METADATA,
    ),
    Problem(
        "header-date",
        200,
        "conflict",
        "La date de création de la fiche n’est pas celle du document lui-même.",
        "Écrivez dans attachment.creation la date ClinicalDocument.effectiveTime (CDA) ou Composition.date (FHIR).",
        severity="warning",
    ),
    Problem(
        "header-confidentiality",
        200,
        "conflict",
        "Le niveau de confidentialité de la fiche n’est pas celui du document lui-même.",
        "Écrivez dans securityLabel le code ClinicalDocument.confidentialityCode (CDA) "
        "ou Composition.confidentiality (FHIR).",
        severity="warning",
    ),
)
