"""Configuration, folders and clock."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime

from django.db import connections

from carnet.kernel import passwords
from carnet.kernel.checks import Result, register
from carnet.kernel.config import Config, unknown

# A seal, an authorisation's end and a token's end are instants: machines must agree on them.
_CLOCK_TOLERANCE = 2.0


@register("configuration")
def configuration(config: Config, _deep: bool) -> Iterator[Result]:  # noqa: FBT001 - the shape of a check
    for name in unknown(os.environ):
        yield Result(ok=False, text=f"{name} n'est pas un réglage de Carnet")
    if config.demo:
        yield Result(ok=True, text="démonstration : personnes fictives, connexion sans preuve")
        return
    if not config.secure:
        yield Result(ok=False, text="CARNET_PUBLIC_URL doit commencer par https://")
    for who, issuer in (
        ("PATIENT", config.patient_oidc_issuer),
        ("PROFESSIONAL", config.professional_oidc_issuer),
    ):
        if not issuer:
            yield Result(ok=False, text=f"CARNET_{who}_OIDC_ISSUER manque : personne ne peut se connecter")
    yield Result(ok=True, text=f"adresse publique {config.public_url}")


@register("dossier")
def folders(config: Config, _deep: bool) -> Iterator[Result]:  # noqa: FBT001 - the shape of a check
    closed = (config.data_dir / "keys", passwords.folder(config.data_dir), config.data_dir / "log")
    opened = [path for path in closed if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077]
    for path in opened:
        yield Result(ok=False, text=f"{path} est ouvert à d'autres comptes : chmod 700 {path}")
    if not opened:
        yield Result(ok=True, text=f"{config.data_dir}, secrets fermés aux autres comptes")


@register("horloge")
def clock(_config: Config, _deep: bool) -> Result:  # noqa: FBT001 - the shape of a check
    with connections["reader"].cursor() as cursor:
        before = datetime.now(UTC)
        cursor.execute("select clock_timestamp()")
        theirs = cursor.fetchone()[0]
    drift = (theirs - before).total_seconds()
    if abs(drift) > _CLOCK_TOLERANCE:
        return Result(ok=False, text=f"l'heure de la base diffère de {drift:.1f} s de celle de cette machine")
    return Result(ok=True, text="cette machine et la base ont la même heure")
