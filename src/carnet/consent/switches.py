"""Settings of the decision: where the sources disagree, or leave it open. Each change is dated and names its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Final

from django.db import connections, transaction

from carnet.consent.facts import Switches
from carnet.consent.models import Switch
from carnet.kernel.db import WRITER
from carnet.kernel.db.constraints import violations

DEFAULTS: Final = Switches()
NAMES: Final = frozenset(field.name for field in fields(Switches))
SOURCES: Final[Mapping[str, str]] = {
    "attending_sees_masked": "L1111-16 CSP : le médecin traitant accède à tout ; un écran de l'application dit que"
    " personne ne voit ce qui est masqué",
    "emergency_lifts_block": "non tranché : l'application laisse lire un soignant bloqué en urgence, le guide"
    " d'intégration non",
    "secretary_sees_masked": "choix de Carnet : un secrétariat lit pour son praticien, sans ce que la personne masque",
}


def of(values: Mapping[str, bool]) -> Switches:
    """The settings in effect; what none has set is as by default."""
    return Switches(**{name: value for name, value in values.items() if name in NAMES})


def turn(name: str, *, value: bool, effective: date, source: str) -> None:
    """From that day on; every remembered grant ends. Raises `Violation` for a second change of one day."""
    if name not in NAMES or not source:
        raise ValueError(f"A switch is one of {', '.join(sorted(NAMES))}, and each change has a source.")
    with violations(), transaction.atomic(using=WRITER), connections[WRITER].cursor() as cursor:
        Switch.objects.using(WRITER).create(name=name, value=value, effective=effective, source=source)
        cursor.execute("update app.kernel_epoch set value = value + 1 where name = 'rules'")
