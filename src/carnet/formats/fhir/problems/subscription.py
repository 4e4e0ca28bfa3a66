"""Software subscribes to the changes of a record."""

from __future__ import annotations

from typing import Final

from carnet.formats.fhir.problems.problem import Problem

PROBLEMS: Final = (
    Problem(
        "subscription-actor",
        403,
        "forbidden",
        "Seul un logiciel enregistré s’abonne, pour lui-même ou pour un professionnel qu’il nomme, ou une application"
        " pour le patient de son lancement ; hors urgence.",
        "Demandez un jeton par la clé de votre logiciel, pour le soin (TREAT) ou pour le dépôt ; ou faites-vous lancer"
        " avec un patient et patient/Subscription.cruds.",
    ),
    Problem(
        "subscription-topic",
        422,
        "not-supported",
        "Ce sujet d’abonnement n’existe pas ici.",
        "Écrivez dans criteria l’adresse (url) d’un sujet de GET /fhir/SubscriptionTopic.",
    ),
    Problem(
        "subscription-filter",
        422,
        "business-rule",
        "Un abonnement suit le carnet d’une seule personne, nommée par un seul filtre.",
        "Écrivez dans _criteria une extension backport-filter-criteria, par exemple DocumentReference?patient=ID ou "
        "DocumentReference?patient.identifier=SYSTÈME|INS (Patient?_id=ID pour les informations structurées).",
    ),
    Problem(
        "subscription-channel",
        422,
        "not-supported",
        "Les événements s’annoncent par REST hook seulement.",
        "Écrivez channel.type = rest-hook.",
    ),
    Problem(
        "subscription-header",
        422,
        "not-supported",
        "Les annonces n’ont pas d’en-tête de votre choix.",
        "Retirez channel.header : vérifiez la signature (Carnet-Signature) par la clé de /fhir/jwks.json.",
    ),
    Problem(
        "subscription-payload",
        422,
        "business-rule",
        "Une annonce ne porte jamais de contenu.",
        "Écrivez channel.payload = application/fhir+json, avec l’extension backport-payload-content et le code empty "
        "ou id-only.",
    ),
    Problem(
        "subscription-endpoint",
        422,
        "business-rule",
        "Cette adresse n’est pas de celles où votre logiciel se laisse prévenir, ou ne peut pas l’être.",
        "Faites enregistrer l’adresse https de votre récepteur avec le logiciel ; un abonnement la donne, ou une "
        "adresse au-dessous d’elle.",
    ),
    Problem(
        "subscription-end",
        422,
        "business-rule",
        "La fin d’un abonnement est à venir, dans un an au plus.",
        "Donnez end dans l’année, ou retirez-le : un an est alors retenu. Prolongez par un PUT.",
    ),
    Problem(
        "subscription-status",
        422,
        "business-rule",
        "Un abonnement se demande, ou se termine ; le reste est dit par le serveur.",
        "Écrivez status = requested, ou off pour l’arrêter.",
    ),
    Problem(
        "subscription-number",
        422,
        "value",
        "Ce nombre n’est pas permis.",
        "Corrigez-le, ou retirez l’extension.",
    ),
    Problem(
        "subscription-same",
        422,
        "business-rule",
        "Le sujet et la personne d’un abonnement ne changent pas.",
        "Terminez celui-ci (DELETE), et demandez-en un autre.",
    ),
    Problem(
        "subscription-many",
        422,
        "too-costly",
        "Il y a déjà autant d’abonnements qu’il en est permis.",
        "Terminez ceux qui ne servent plus (DELETE) : au plus 5 par carnet, et 3000 en tout, par professionnel.",
    ),
)
