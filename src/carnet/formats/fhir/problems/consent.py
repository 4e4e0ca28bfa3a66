"""A professional declares that the person consents, a person gives or refuses, and what is ended where."""

from __future__ import annotations

from typing import Final

from carnet.formats.fhir.problems.problem import Problem

PROBLEMS: Final = (
    Problem(
        "consent-status",
        422,
        "business-rule",
        "Un Consent s’envoie avec le statut active.",
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
        "Un Consent s’envoie pour le soin.",
        "Écrivez le code TREAT dans provision.purpose, ou retirez cet élément.",
    ),
    Problem(
        "consent-narrower",
        422,
        "business-rule",
        "Un accord ne se restreint pas : la profession et les réglages de la personne disent ce qui est lu.",
        "Retirez cet élément.",
    ),
    Problem(
        "consent-label",
        422,
        "business-rule",
        "Un Consent que l’on envoie n’a pas cette étiquette.",
        "Écrivez INVISIBLE_REPRESENTANTS_LEGAUX dans meta.security si la personne mineure ou protégée le demande, "
        "ou rien.",
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
        "consent-recipient",
        422,
        "business-rule",
        "Une autorisation ou un blocage nomme quelqu’un par son numéro dans l’annuaire.",
        "Donnez dans provision.actor une seule référence, avec un numéro RPPS ou, pour une autorisation, celui d’une "
        "structure (FINESS) ; une équipe de soins, qui n’a pas de numéro, s’autorise dans la page « Confidentialité ».",
    ),
    Problem(
        "consent-actor-unknown",
        422,
        "business-rule",
        "L’annuaire ne connaît personne qui s’autorise ou se bloque par ce numéro.",
        "Vérifiez le numéro RPPS ou FINESS : il est celui d’un professionnel en exercice, ou d’une structure.",
    ),
    Problem(
        "consent-span",
        422,
        "business-rule",
        "La durée de cette autorisation n’est pas possible.",
        "Elle vaut dès maintenant, et finit à provision.period.end, à venir et avant l’an 3000 ; sans lui, elle n’a "
        "pas de fin.",
    ),
    Problem(
        "consent-of-all",
        422,
        "business-rule",
        "Ce qui est donné à toute une structure n’est ni exprès, ni secret, et ne montre pas ce qui est masqué.",
        "Retirez cet élément, ou autorisez un professionnel par son numéro RPPS.",
    ),
    Problem(
        "consent-block",
        422,
        "business-rule",
        "Un blocage vise un seul professionnel, en entier et sans fin.",
        "Nommez-le par son numéro RPPS, sans period.end, extension, étiquette ni provision imbriquée ; l’autorisation "
        "d’une structure se termine par un PATCH, et le secret de la personne est gardé de lui-même.",
    ),
    Problem(
        "consent-attending",
        422,
        "business-rule",
        "C’est le médecin traitant : la loi lui donne accès, cela ne s’autorise pas et ne se bloque pas ici.",
        "Pour changer de médecin traitant, faites-le avec l’Assurance Maladie : l’accès de l’ancien s’arrête alors.",
    ),
    Problem(
        "consent-blocked",
        422,
        "business-rule",
        "La personne a bloqué l’accès de ce professionnel.",
        "Il ne se bloque pas deux fois, et ne s’autorise pas tant qu’il l’est : débloquez-le d’abord, dans la page "
        "« Confidentialité ».",
    ),
    Problem(
        "consent-opens-nothing",
        422,
        "business-rule",
        "Cette autorisation n’ouvrirait rien.",
        "Autorisez quelqu’un d’autre.",
    ),
    Problem(
        "consent-secret",
        422,
        "business-rule",
        "Seule la personne que quelqu’un représente garde une autorisation secrète pour lui.",
        "Retirez INVISIBLE_REPRESENTANTS_LEGAUX de meta.security.",
    ),
    Problem(
        "consent-unmasked",
        422,
        "business-rule",
        "Pour montrer ce qui est masqué, la personne prouve de nouveau qui elle est, ce qui ne se fait pas ici.",
        "Retirez la provision imbriquée : il lit alors ce que sa profession permet, sauf ce qui est masqué. Pour lui "
        "montrer cela aussi, la personne l’autorise dans la page « Confidentialité ».",
    ),
    Problem(
        "consent-child-asked",
        422,
        "business-rule",
        "À cet âge, un enfant est entendu avant que son parent n’ouvre le carnet à quelqu’un.",
        "Dites ce qu’en dit l’enfant dans l’extension urn:carnet:fhir:extension:child-answer, valueCode : agrees "
        "(d’accord), against (pas d’accord) ou unasked (cela n’a pas pu lui être demandé) ; ses traces le gardent.",
    ),
    Problem(
        "consent-settling",
        422,
        "business-rule",
        "Quelqu’un vient d’entrer dans ce compte par un code, ou le titulaire a signalé une connexion : ce qui dure "
        "plus qu’une visite attend.",
        "Attendez deux jours après l’entrée, ou la réponse du support ; un accord qui finit avec le jour passe. La "
        "personne qui prouve son identité autorise aussitôt dans la page « Confidentialité ».",
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
