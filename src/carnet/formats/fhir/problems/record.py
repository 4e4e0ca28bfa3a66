"""The record that a request concerns."""

from __future__ import annotations

from typing import Final

from carnet.formats.fhir.problems.problem import Problem

PROBLEMS: Final = (
    Problem(
        "patient-unknown",
        404,
        "not-found",
        "Aucun dossier ne correspond à ce patient.",
        "Vérifiez l’identifiant du patient et son système.",
        xds="XDSUnknownPatientId",
    ),
    Problem(
        "record-not-open",
        422,
        "business-rule",
        "Ce dossier est fermé : on n’y lit et on n’y dépose plus rien.",
        "Ne demandez et n’envoyez plus rien pour ce dossier, sauf s’il est rouvert.",
        xds="XDSUnknownPatientId",
    ),
    Problem(
        "unique-id-used",
        409,
        "duplicate",
        "Cet identifiant de document ne peut pas être utilisé.",
        "Donnez au document un identifiant nouveau.",
        xds="XDSNonIdenticalHash",
    ),
    Problem(
        "sent-otherwise",
        409,
        "duplicate",
        "Ce document est déjà déposé, et autrement.",
        "Changez ses métadonnées par PATCH, ou donnez un nouvel identifiant à une nouvelle version.",
        xds="XDSDuplicateUniqueIdInRegistry",
    ),
    Problem(
        "replaced-unknown",
        422,
        "not-found",
        "Le document à remplacer n’est pas connu.",
        "Vérifiez la cible de relatesTo.",
        xds="UnresolvedReferenceException",
    ),
    Problem(
        "replaced-superseded",
        422,
        "conflict",
        "Le document à remplacer l’a déjà été.",
        "Remplacez la version actuelle.",
        xds="XDSRegistryDeprecatedDocumentError",
    ),
    Problem(
        "replaced-several",
        422,
        "business-rule",
        "Un document n’en remplace qu’un seul.",
        "Déposez une nouvelle version de chacun.",
        xds="XDSRegistryMetadataError",
    ),
    Problem(
        "replaced-other-patient",
        422,
        "conflict",
        "Le document à remplacer est celui d’un autre patient.",
        "Vérifiez la cible de relatesTo et le patient.",
        xds="XDSPatientIdDoesNotMatch",
    ),
)
