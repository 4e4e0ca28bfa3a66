"""The request around the resource."""

from __future__ import annotations

from typing import Final

from carnet.formats.fhir.problems.problem import Problem

PROBLEMS: Final = (
    Problem("login", 401, "login", "Il faut s’authentifier.", "Joignez un jeton d’accès valide."),
    Problem(
        "proof",
        401,
        "login",
        "Ce jeton ne sert que celui à qui il a été donné.",
        "Joignez une preuve DPoP neuve de cette requête (htm, htu, ath, jti), signée de la clé du jeton, et écrivez"
        " Authorization: DPoP ; ou venez avec le certificat du jeton.",
    ),
    Problem(
        "purpose-unknown",
        400,
        "value",
        "Ce motif d’accès n’existe pas.",
        "Écrivez dans X-Carnet-Purpose : care, deposit, emergency…",
    ),
    Problem(
        "reason-required",
        400,
        "required",
        "Un accès en urgence demande une raison en mots.",
        "Ajoutez l’en-tête X-Carnet-Reason, en UTF-8 encodé par % : la personne la lira.",
    ),
    Problem(
        "emergency-label",
        400,
        "value",
        "Un accès en urgence n’a pas cette étiquette.",
        "Écrivez INVISIBLE_REPRESENTANTS_LEGAUX dans X-Carnet-Label, ou rien.",
    ),
    Problem(
        "forbidden",
        403,
        "forbidden",
        "Vous n’avez pas ce droit.",
        "Vérifiez vos droits et votre motif d’accès.",
    ),
    Problem("not-found", 404, "not-found", "Cette ressource n’existe pas.", "Vérifiez l’adresse."),
    Problem(
        "not-allowed",
        405,
        "not-supported",
        "Cette méthode n’est pas possible ici.",
        "Consultez la déclaration de capacités.",
    ),
    Problem(
        "not-acceptable",
        406,
        "not-supported",
        "Ce format de réponse n’est pas servi.",
        "Demandez application/fhir+json.",
    ),
    Problem(
        "condition-not-supported",
        412,
        "not-supported",
        "Cette condition n’est pas prise en charge ; rien n’est enregistré.",
        "Retirez If-None-Exist : le même masterIdentifier renvoyé avec les mêmes octets ne crée pas de seconde fiche.",
    ),
    Problem(
        "too-large",
        413,
        "too-long",
        "Le document dépasse la taille acceptée.",
        "Envoyez un document plus petit.",
    ),
    Problem(
        "media-type",
        415,
        "not-supported",
        "Ce format de requête n’est pas lu.",
        "Envoyez application/fhir+json.",
    ),
    Problem(
        "busy",
        503,
        "throttled",
        "Le service est occupé.",
        "Réessayez après le délai indiqué par Retry-After.",
    ),
    Problem("internal", 500, "exception", "Une erreur interne est survenue.", "Réessayez plus tard."),
)
