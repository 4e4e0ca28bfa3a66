"""Both programs of the demonstration, registered at their first use: their addresses change with its port."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from carnet.kernel.db import WRITER
from carnet.kernel.ids import uuid7
from carnet.people import actions, client_queries, clients
from carnet.people import queries as people
from carnet.people.client_queries import RegisteredClient
from carnet.people.models import Client

SOFTWARE: Final = "demo-logiciel"
APP: Final = "demo-application"
APP_PATH: Final = "/demo/application"
SCOPE: Final = "launch launch/patient openid fhirUser online_access patient/*.rs"
_HOUSE: Final = "1490000999"


def software() -> RegisteredClient:
    """The doctor's, which may open sessions by its links."""
    found = client_queries.client_by_key(SOFTWARE)
    if found is None:
        _add(SOFTWARE, "Logiciel du cabinet (démonstration)", "user/Patient.s")
        clients.change(client_id=_id(SOFTWARE), opens_sessions=True, acts_for_professionals=True)
    return client_queries.client_by_key(SOFTWARE) or _missing(SOFTWARE)


def app(base: str) -> RegisteredClient:
    """Public, since it runs in the browser."""
    found = client_queries.client_by_key(APP)
    if found is None:
        _add(APP, "Courbes et documents (démonstration)", SCOPE)
    address = base + APP_PATH
    if found is None or address not in found.redirect_uris:
        Client.objects.using(WRITER).filter(actor_id=_id(APP)).update(
            public=True, redirect_uris=[address], launch_uris=[address]
        )
    return client_queries.client_by_key(APP) or _missing(APP)


def _add(key: str, name: str, scope: str) -> None:
    house = people.organisation_of(_HOUSE) or actions.add_organisation(
        organisation_id=uuid7(), identifier=_HOUSE, name="Éditeur de la démonstration"
    )
    actions.add_client(actor_id=uuid7(), key=key, name=name, organisation_id=house, scope=scope)


def _id(key: str) -> UUID:
    found = people.actor_by_key(key)
    return found.id if found else _missing(key).id


def _missing(key: str) -> RegisteredClient:
    raise LookupError(key)
