"""What a person chose for their record, as their copy of it says: in an emergency, and single uses one by one."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import orjson
from django.db.backends.utils import CursorWrapper

from carnet.consent import stated
from carnet.kernel.db import Permit, open_record
from carnet.records import opting
from carnet.records.rules import OptOut

USES: Final = {
    OptOut.EXTRACTION: "Relever des valeurs dans mes documents",
    OptOut.PREVENTION: "Me proposer des messages de prévention",
    OptOut.STATISTICS: "Compter mon carnet dans les statistiques",
    OptOut.EMERGENCY_FEED: "Laisser les urgences déposer des documents",
    OptOut.HEIRS: "Après ma mort, laisser mes proches demander ce que dit mon carnet",
}
_EMERGENCY: Final = {
    "emergency": "En urgence, un médecin peut ouvrir mon carnet",
    "regulation": "En urgence, le Samu (15) peut ouvrir mon carnet",
    "masked": "En urgence, montrer aussi les documents masqués",
}


def choices(permit: Permit) -> bytes:
    """Each with its name in the record, in words, whether it is wanted, and since when it is so by the person's own
    choice: null where nothing was chosen."""
    # One act, read in many steps: its line stands in the trail since it was asked for.
    with open_record(permit, trace=None) as cursor:
        return orjson.dumps([*_in_emergency(cursor, permit), *_of_uses(cursor, permit)], option=orjson.OPT_INDENT_2)


def _in_emergency(cursor: CursorWrapper, permit: Permit) -> list[dict[str, Any]]:
    chosen, since = stated.choices(cursor, permit.record_id)
    return [_told(name, words, getattr(chosen, name), since) for name, words in _EMERGENCY.items()]


def _of_uses(cursor: CursorWrapper, permit: Permit) -> list[dict[str, Any]]:
    unwanted = opting.opted_out(cursor, permit.record_id)
    return [_told(use.value, words, use not in unwanted, unwanted.get(use)) for use, words in USES.items()]


def _told(name: str, words: str, wanted: bool, since: datetime | None) -> dict[str, Any]:  # noqa: FBT001
    return {"choix": name, "en clair": words, "accepté": wanted, "depuis": since}
