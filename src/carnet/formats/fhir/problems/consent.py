"""A professional declares that the person consents, and what is ended where."""

from __future__ import annotations

from typing import Final

from carnet.formats.fhir.problems.problem import Problem

PROBLEMS: Final = (
    Problem(
        "consent-status",
        422,
        "business-rule",
        "Un accord se déclare avec le statut active.",
        "Écrivez status = active ; il se termine par un PATCH.",
    ),
    Problem(
        "consent-scope",
        422,
        "business-rule",
        "Ce Consent n’est pas un accord pour l’accès au carnet.",
        "Écrivez dans scope le code patient-privacy de http://terminology.hl7.org/CodeSystem/consentscope.",
    ),
    Problem(
        "consent-permit",
        422,
        "business-rule",
        "Un professionnel ne déclare qu’un accord ; un refus se règle par la personne elle-même.",
        "Écrivez provision.type = permit.",
    ),
    Problem(
        "consent-purpose",
        422,
        "business-rule",
        "Un accord se déclare pour le soin.",
        "Écrivez le code TREAT dans provision.purpose, ou retirez cet élément.",
    ),
    Problem(
        "consent-narrower",
        422,
        "business-rule",
        "Une déclaration ne se restreint pas : la profession et les réglages de la personne disent ce qui est lu.",
        "Retirez cet élément.",
    ),
    Problem(
        "consent-label",
        422,
        "business-rule",
        "Une déclaration n’a pas cette étiquette.",
        "Écrivez INVISIBLE_REPRESENTANTS_LEGAUX dans meta.security si la personne mineure le demande, ou rien.",
    ),
    Problem(
        "consent-actor",
        422,
        "business-rule",
        "Un professionnel déclare l’accord donné à lui-même, et à personne d’autre.",
        "Donnez dans provision.actor votre propre numéro RPPS, ou retirez cet élément.",
    ),
    Problem(
        "consent-period",
        422,
        "business-rule",
        "La durée de cet accord n’est pas possible.",
        "Il vaut dès maintenant, et finit au plus tard dans un an ; sans provision.period.end, il vaut jusqu’au soir.",
    ),
    Problem(
        "consent-express",
        422,
        "business-rule",
        "La médecine du travail et celle des sapeurs-pompiers n’ouvrent un carnet qu’avec un accord exprès.",
        "Si la personne l’a donné en ces termes, ajoutez l’extension "
        "urn:carnet:fhir:extension:express-consent, à true.",
    ),
    Problem(
        "consent-end",
        422,
        "business-rule",
        "Un Consent ne change que d’une manière : il se termine.",
        "Remplacez status par inactive, et rien d’autre.",
    ),
    Problem(
        "consent-not-ended-here",
        422,
        "business-rule",
        "Ce Consent ne se termine pas ici.",
        "Un blocage et les choix pour l’urgence se changent par la personne, dans la page « Confidentialité » ; un "
        "professionnel ne termine que l’accord qu’il a lui-même déclaré.",
    ),
)
