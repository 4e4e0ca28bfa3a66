"""Metadata updates by PATCH (TD3.3a to TD3.3d) and the version they start from (interoperability reference, a.8, g4
to g7)."""

from __future__ import annotations

from typing import Final

from carnet.formats.fhir.problems.problem import Problem

_UPDATE: Final = "XDSMetadataUpdateError"
_OPERATION: Final = "XDSMetadataUpdateOperationError"

PROBLEMS: Final = (
    Problem(
        "patch-body",
        422,
        "structure",
        "Le corps n’est pas une suite d’opérations PATCH.",
        "Envoyez un JSON Patch (une liste d’opérations) ou un FHIRPath Patch (une ressource Parameters dont chaque "
        "paramètre s’appelle operation), avec au moins une opération.",
        xds=_OPERATION,
    ),
    Problem(
        "patch-length",
        422,
        "too-costly",
        "Le PATCH a trop d’opérations.",
        "Envoyez au plus 100 opérations : trois suffisent pour dire le statut, les étiquettes et l’archivage.",
        xds=_OPERATION,
    ),
    Problem(
        "patch-operation",
        422,
        "structure",
        "Cette opération n’est pas lisible ou n’est pas permise.",
        "JSON Patch : op (add, replace, remove ou test), path et value. "
        "FHIRPath Patch : type (add, insert, replace ou delete), path et, selon le type, name, value, index.",
        xds=_OPERATION,
    ),
    Problem(
        "patch-path",
        422,
        "value",
        "Le chemin de cette opération n’est pas lisible.",
        "Écrivez un pointeur JSON (RFC 6901), par exemple /securityLabel/0, ou un chemin FHIRPath, "
        "par exemple DocumentReference.securityLabel[0].",
        xds=_OPERATION,
    ),
    Problem(
        "patch-element",
        422,
        "business-rule",
        "Cet élément ne se modifie pas par PATCH (le guide PDSm répond ici 405).",
        "Seuls status, securityLabel et l’extension isArchived se modifient ; "
        "pour le reste, publiez une nouvelle version avec relatesTo = replaces.",
        xds=_UPDATE,
    ),
    Problem(
        "patch-value",
        422,
        "value",
        "La valeur de cette opération n’est pas du type attendu.",
        "Écrivez un CodeableConcept avec un seul code pour une étiquette, true ou false pour isArchived, "
        "un code pour status.",
        xds=_UPDATE,
    ),
    Problem(
        "patch-target",
        422,
        "not-found",
        "Rien ne se trouve à cet endroit du document.",
        "Relisez le document, puis envoyez le chemin qui convient à son état actuel.",
        xds=_UPDATE,
    ),
    Problem(
        "patch-test-failed",
        422,
        "conflict",
        "La condition de l’opération test n’est pas remplie ; rien n’est modifié.",
        "Relisez le document : il n’est pas, ou n’est plus, dans l’état attendu.",
        xds=_UPDATE,
    ),
    Problem(
        "patch-status",
        422,
        "business-rule",
        "Ce statut ne se donne pas par PATCH.",
        "Écrivez entered-in-error pour retirer le document ; le statut current ne se redonne pas.",
        xds=_UPDATE,
    ),
    Problem(
        "patch-superseded",
        422,
        "business-rule",
        "Un document ne devient pas superseded par PATCH seul.",
        "Publiez la nouvelle version avec relatesTo = replaces : l’ancienne devient superseded d’elle-même.",
        xds=_UPDATE,
    ),
    Problem(
        "patch-base-label",
        422,
        "business-rule",
        "Le code de confidentialité (N, R ou V) ne se retire pas : un document en a toujours un.",
        "Retirez l’étiquette de visibilité que vous visez, ou remplacez tout securityLabel en gardant ce code.",
        xds=_UPDATE,
    ),
    Problem(
        "etag-form",
        400,
        "value",
        "L’en-tête If-Match n’est pas lisible.",
        'Écrivez la version reçue dans ETag, par exemple W/"3", ou *.',
    ),
    Problem(
        "version-conflict",
        412,
        "conflict",
        "Le document n’est plus dans la version indiquée par If-Match ; rien n’est modifié.",
        "Relisez le document, puis recommencez avec sa version actuelle.",
        xds="XDSMetadataVersionError",
    ),
)
