"""Software lays out the day of a professional."""

from __future__ import annotations

from typing import Final

from carnet.formats.fhir.problems.problem import Problem

PROBLEMS: Final = (
    Problem(
        "appointment-actor",
        403,
        "forbidden",
        "Un logiciel prépare la journée d’un professionnel qu’il nomme, pour le soin, et de nul autre.",
        "Demandez un jeton pour ce professionnel (hl7-b2b, TREAT), sans patient choisi.",
    ),
    Problem(
        "appointment-status",
        422,
        "business-rule",
        "Un rendez-vous de la journée est prévu ou annulé.",
        "Écrivez status = booked, ou cancelled pour l’ôter par PUT.",
    ),
    Problem(
        "appointment-participant",
        422,
        "business-rule",
        "Un rendez-vous réunit une seule personne et le professionnel du jeton.",
        "Écrivez un participant par son matricule INS ; le professionnel, si vous le nommez, est celui du jeton "
        "(Practitioner/ID de fhirUser, ou son identifiant national).",
    ),
    Problem(
        "appointment-patient",
        422,
        "business-rule",
        "La personne est nommée par son matricule INS complet, clé comprise, et par rien d’autre.",
        "Écrivez actor.identifier avec system (urn:oid:1.2.250.1.213.1.4.8 ou suivants) et value de 15 caractères, "
        "sans reference.",
    ),
    Problem(
        "appointment-name",
        422,
        "business-rule",
        "actor.display ne contient qu’un nom : des lettres, des espaces, des traits d’union, des apostrophes.",
        "Écrivez le nom et le prénom, sans rien de la santé ni de la venue, ou retirez display.",
    ),
    Problem(
        "appointment-day",
        422,
        "business-rule",
        "Un rendez-vous est d’aujourd’hui ou de demain, à l’heure de Paris, et finit après son début, le jour même.",
        "Écrivez start et end avec leur fuseau ; envoyez les autres jours la veille.",
    ),
    Problem(
        "appointment-content",
        422,
        "not-supported",
        "La journée dit qui vient et quand, jamais pourquoi : cet élément n’est pas gardé.",
        "Retirez-le : seuls status, start, end et participant (identifier, display) sont lus.",
    ),
    Problem(
        "appointment-many",
        422,
        "business-rule",
        "La journée d’un professionnel tient cent rendez-vous au plus.",
        "Annulez ceux qui n’ont plus lieu.",
    ),
)
