"""Settings of the decision: where the sources disagree, or leave it open. Each change is dated and names its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from django.db import connections, transaction

from carnet.consent.facts import Switches
from carnet.consent.models import Switch
from carnet.kernel import clock
from carnet.kernel.db import READER, WRITER
from carnet.kernel.db.constraints import violations

_PARIS: Final = ZoneInfo("Europe/Paris")
DEFAULTS: Final = Switches()
NAMES: Final = frozenset(field.name for field in fields(Switches))
SOURCES: Final[Mapping[str, str]] = {
    "administrator_blocks": "l'application « Mon espace santé » laisse un soignant administrateur en bloquer d'autres ;"
    " la loi (L1111-15, R1111-43) ne donne le choix qu'à la personne : fermé, sauf décision",
    "administrator_sees_masked": "l'application « Mon espace santé » laisse nommer un soignant administrateur, qui voit"
    " ce qui est masqué ; un autre de ses écrans dit que personne ne le voit ; la loi (L1111-16) ne nomme que le"
    " médecin traitant",
    "attending_sees_masked": "L1111-16 CSP : le médecin traitant accède à tout ; un écran de l'application dit que"
    " personne ne voit ce qui est masqué",
    "carers": "l'application « Mon espace santé » décrit les aidants, la presse de janvier 2026 les dit encore à"
    " l'étude et liés à une modification de la loi : fermé, sauf décision",
    "emergency_lifts_block": "non tranché : l'application laisse lire un soignant bloqué en urgence, le guide"
    " d'intégration non",
    "masked_and_withheld": "contrôles du guide d'intégration du DMP : un document masqué aux professionnels et"
    " invisible au patient est refusé, sauf si le paramètre cumul-invisible_patient-masque_ps le permet ; faux par"
    " défaut",
    "secretary_sees_masked": "choix de Carnet : un secrétariat lit pour son praticien, sans ce que la personne masque",
}


def of(values: Mapping[str, bool]) -> Switches:
    """The settings in effect; what none has set is as by default."""
    return Switches(**{name: value for name, value in values.items() if name in NAMES})


@dataclass(frozen=True, slots=True)
class Turned:
    """One change of a setting."""

    value: bool
    effective: date
    source: str


@dataclass(frozen=True, slots=True)
class Setting:
    """`latest` is what made it as it is, None as by default; `planned` comes, in its order."""

    name: str
    value: bool
    latest: Turned | None
    planned: tuple[Turned, ...]


def today() -> date:
    return clock.now().astimezone(_PARIS).date()


def settings() -> list[Setting]:
    """Every setting, with its value in effect."""
    rows = Switch.objects.using(READER).order_by("effective")
    return [
        _setting(name, [Turned(row.value, row.effective, row.source) for row in rows if row.name == name])
        for name in sorted(NAMES)
    ]


def value(name: str) -> bool:
    """In effect today."""
    return next(each.value for each in settings() if each.name == name)


def _setting(name: str, changes: list[Turned]) -> Setting:
    past = [each for each in changes if each.effective <= today()]
    latest = past[-1] if past else None
    value = latest.value if latest else bool(getattr(DEFAULTS, name))
    return Setting(name, value, latest, tuple(each for each in changes if each.effective > today()))


def turn(name: str, *, value: bool, effective: date, source: str) -> None:
    """From that day on; every remembered grant ends. Raises `Violation` for a second change of one day."""
    if name not in NAMES or not source:
        raise ValueError(f"A switch is one of {', '.join(sorted(NAMES))}, and each change has a source.")
    with violations(), transaction.atomic(using=WRITER), connections[WRITER].cursor() as cursor:
        Switch.objects.using(WRITER).create(name=name, value=value, effective=effective, source=source)
        cursor.execute("update app.kernel_epoch set value = value + 1 where name = 'rules'")
