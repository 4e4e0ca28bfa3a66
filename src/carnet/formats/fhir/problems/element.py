"""One element of a resource."""

from __future__ import annotations

from typing import Final

from carnet.formats.fhir.problems.problem import METADATA, Problem

PROBLEMS: Final = (
    Problem("required", 422, "required", "Un élément obligatoire manque.", "Ajoutez cet élément.", xds=METADATA),
    Problem(
        "forbidden-element",
        422,
        "business-rule",
        "Cet élément est interdit ici.",
        "Retirez cet élément.",
        xds=METADATA,
    ),
    Problem(
        "too-many",
        422,
        "structure",
        "Cet élément est répété trop de fois.",
        "Gardez-en un seul.",
        xds=METADATA,
    ),
    Problem(
        "value-type",
        422,
        "value",
        "La valeur n’est pas du type attendu.",
        "Corrigez le type de cette valeur selon FHIR R4.",
        xds=METADATA,
    ),
    Problem(
        "value-characters",
        422,
        "value",
        "Le texte est vide ou contient des caractères de contrôle.",
        "Écrivez un texte sans caractères de contrôle.",
        xds=METADATA,
    ),
    Problem("value-too-long", 422, "too-long", "Le texte est trop long.", "Raccourcissez ce texte.", xds=METADATA),
    Problem(
        "value-date",
        422,
        "value",
        "La date n’est pas une date FHIR.",
        "Écrivez par exemple 2026-06-12T10:00:00+02:00.",
        xds=METADATA,
    ),
    Problem(
        "value-base64",
        422,
        "value",
        "Le contenu n’est pas du base64 lisible.",
        "Encodez les octets en base64 ordinaire, avec son remplissage.",
        xds=METADATA,
    ),
    Problem(
        "modifier-not-supported",
        422,
        "extension",
        "Un élément change le sens de la ressource et n’est pas connu.",
        "Retirez modifierExtension ou implicitRules.",
    ),
)
