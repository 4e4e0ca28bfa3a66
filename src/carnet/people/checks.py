"""Will every software still be able to ask for tokens in a fortnight?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from carnet.kernel import clock
from carnet.kernel.checks import Result, register
from carnet.kernel.config import Config
from carnet.people.client_queries import clients, keys_of

_SOON = timedelta(days=14)


@register("logiciels")
def keys(_config: Config, _deep: bool) -> Iterator[Result]:  # noqa: FBT001 - the shape of a check
    """A client whose keys all end soon needs a new one; one that never had a key does not ask for tokens."""
    active = {client.id: client for client in clients() if client.active}
    standing = [key for key in keys_of(active) if key.revoked_at is None]
    well, later = True, clock.now() + _SOON
    for identifier in {key.client_id for key in standing}:
        ends = [key.until for key in standing if key.client_id == identifier]
        last = max((end for end in ends if end), default=None)
        if None not in ends and last and last < later:
            well = False
            yield Result(ok=False, text=f"{active[identifier].key} : sa dernière clé finit le {last:%Y-%m-%d}")
    if well:
        yield Result(ok=True, text=f"{len(active)} enregistrés, {len(standing)} clés")
