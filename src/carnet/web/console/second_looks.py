"""What to say to an operator who cannot go on alone."""

from __future__ import annotations

from uuid import UUID

from carnet.kernel.actor import Actor
from carnet.kernel.db.constraints import Violation
from carnet.rights import pairs
from carnet.rights.pairs import Kind, State
from carnet.web.i18n import gettext


def asked_of_another(who: Actor, record_id: UUID, identity_id: UUID) -> str:
    """That this identity opens this account is asked for, unless it waits already."""
    waits, number = pairs.state(who, record_id, Kind.IDENTITY, identity_id)
    try:
        number = number if waits is State.WAITING else pairs.ask(who, record_id, Kind.IDENTITY, identity_id=identity_id)
    except Violation as refused:
        return refused.message
    said = gettext(
        "Personne n'entre seul dans le carnet d'un autre : la demande %(number)s attend un autre membre de l'équipe"
    )
    return said % {"number": number}
