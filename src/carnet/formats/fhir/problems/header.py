"""The metadata of a CDA document against its header."""

from __future__ import annotations

from typing import Final

from carnet.formats.fhir.problems.problem import METADATA, Problem

PROBLEMS: Final = (
    Problem(
        "header-patient",
        422,
        "conflict",
        "Le patient de la fiche n’est pas celui de l’en-tête du document CDA.",
        "Vérifiez le matricule INS dans subject et dans recordTarget du document.",
        xds="XDSPatientIdDoesNotMatch",
    ),
    Problem(
        "header-unique-id",
        422,
        "conflict",
        "L’identifiant de la fiche n’est pas celui du document CDA.",
        "Écrivez dans masterIdentifier l’identifiant ClinicalDocument.id.",
        xds="XDSDocumentUniqueIdError",
    ),
    Problem(
        "header-type",
        422,
        "conflict",
        "Le type de la fiche n’est pas celui du document CDA.",
        "Écrivez dans type le code ClinicalDocument.code.",
        xds=METADATA,
    ),
    Problem(
        "header-date",
        200,
        "conflict",
        "La date de création de la fiche n’est pas celle du document CDA.",
        "Écrivez dans attachment.creation la valeur de ClinicalDocument.effectiveTime.",
        severity="warning",
    ),
    Problem(
        "header-confidentiality",
        200,
        "conflict",
        "Le niveau de confidentialité de la fiche n’est pas celui du document CDA.",
        "Écrivez dans securityLabel le code ClinicalDocument.confidentialityCode.",
        severity="warning",
    ),
)
