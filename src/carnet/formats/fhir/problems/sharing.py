"""What the record makes of a submission, of a change, of a withdrawal."""

from __future__ import annotations

from typing import Final

from carnet.formats.fhir.problems.problem import Problem

PROBLEMS: Final = (
    Problem(
        "secret-linked",
        200,
        "informational",
        "Ce document dépend d’un acte tenu secret par la personne : il est tenu secret de même.",
        "Ne l’annoncez pas à ses représentants.",
        severity="warning",
    ),
    Problem(
        "secret-suspected",
        200,
        "informational",
        "Ce document pourrait dépendre d’un acte tenu secret par la personne : il est tenu secret "
        "jusqu’à votre confirmation.",
        "S’il en dépend, confirmez par un PATCH qui ajoute l’étiquette INVISIBLE_REPRESENTANTS_LEGAUX ; sinon, "
        "retirez-la par un PATCH.",
        severity="warning",
    ),
    Problem(
        "patch-not-replaced",
        422,
        "business-rule",
        "Une entrée PATCH vise un document qu’aucun document du lot ne remplace.",
        "Ajoutez relatesTo = replaces vers ce document, ou retirez l’entrée PATCH.",
        xds="XDSRepositoryMetadataError",
    ),
    Problem(
        "submission-set-used",
        409,
        "duplicate",
        "Cet identifiant de lot de soumission ou de classeur est déjà pris.",
        "Donnez un identifiant nouveau à chaque lot ; pour rejouer un envoi, renvoyez-le tel quel.",
        xds="XDSDuplicateUniqueIdInRegistry",
    ),
    Problem(
        "folder-unknown",
        422,
        "not-found",
        "Le classeur à modifier n’est pas parmi ceux que vous avez créés dans ce dossier.",
        "Vérifiez l’adresse de l’entrée PUT, ou créez le classeur par POST.",
        xds="UnresolvedReferenceException",
    ),
    Problem(
        "item-unknown",
        422,
        "not-found",
        "Un document à classer n’est pas connu dans ce dossier.",
        "Vérifiez les références des entrées du classeur.",
        xds="UnresolvedReferenceException",
    ),
    Problem(
        "no-metadata",
        422,
        "not-supported",
        "Ce document ne dit pas lui-même de qui il est ni ce qu’il est.",
        "Envoyez un CDA ou un document FHIR ; publiez les autres avec leur fiche, par DocumentReference.",
        xds="XDSRepositoryMetadataError",
    ),
    Problem(
        "several-matches",
        412,
        "multiple-matches",
        "Plusieurs documents répondent à cette recherche ; rien n’est modifié.",
        "Précisez la recherche, ou modifiez le document par son adresse.",
    ),
    Problem(
        "withdraw-reason",
        422,
        "required",
        "Le motif du retrait manque ou n’est pas connu.",
        "Donnez le paramètre reason, de valeur valueCode wrong-patient ou error.",
    ),
    Problem(
        "withdrawn",
        200,
        "informational",
        "Le document est retiré du dossier.",
        "Les professionnels qui l’avaient ouvert sont inscrits pour en être avertis.",
        severity="information",
    ),
    Problem(
        "valid",
        200,
        "informational",
        "Rien ne s’oppose à cette demande ; rien n’a été enregistré.",
        "Envoyez-la à son adresse.",
        severity="information",
    ),
    Problem(
        "stored",
        200,
        "informational",
        "Le document est enregistré, sans remarque.",
        "Rien n’est à corriger.",
        severity="information",
    ),
)
