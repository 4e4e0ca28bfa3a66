"""The topics, as SubscriptionTopic has them from R4B on: R4 knows their canonical addresses alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import orjson

from carnet.formats.fhir.subscription.model import TOPICS

__all__ = ["topic", "topics"]

_SAID: Final = {
    "documents": (
        "Changements des documents",
        (
            "Un document que vous avez le droit de voir est déposé, devient visible, est remplacé ou retiré. Un "
            "document qui vous est caché ne fait pas d’événement."
        ),
        ("create", "update", "delete"),
    ),
    "entries": (
        "Changements des informations structurées",
        (
            "Ce qu’un document que vous avez le droit de voir dit (résultats, traitements…) a été lu, ou quelqu’un l’a "
            "dit : demandez-le par Patient/ID/$new-since, ou par une recherche."
        ),
        ("update",),
    ),
}


def topics() -> Iterator[bytes]:
    return (topic(name) for name in TOPICS)


def topic(name: str) -> bytes:
    """The text begins with resourceType and id."""
    url, resource = TOPICS[name]
    title, description, interactions = _SAID[name]
    parameter = "_id" if resource == "Patient" else "patient"
    written: dict[str, Any] = {
        "resourceType": "SubscriptionTopic",
        "id": name,
        "url": url,
        "version": "1",
        "title": title,
        "status": "active",
        "description": description,
        "resourceTrigger": [
            {
                "description": description,
                "resource": f"http://hl7.org/fhir/StructureDefinition/{resource}",
                "supportedInteraction": list(interactions),
            }
        ],
        "canFilterBy": [
            {
                "description": "Obligatoire, une seule fois : la personne dont c’est le carnet, par son id ou par son "
                "matricule INS.",
                "resource": f"http://hl7.org/fhir/StructureDefinition/{resource}",
                "filterParameter": parameter,
            }
        ],
        "notificationShape": [{"resource": f"http://hl7.org/fhir/StructureDefinition/{resource}"}],
    }
    return orjson.dumps(written)
