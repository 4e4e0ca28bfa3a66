"""What `carnet check` asks of the vault: store, keys, antivirus, and with `--deep` every content."""

from __future__ import annotations

from collections.abc import Iterator

from carnet.kernel.checks import Result, register
from carnet.kernel.config import Config
from carnet.kernel.vault import antivirus
from carnet.kernel.vault.errors import KeyFault, StoreFault
from carnet.kernel.vault.place import here
from carnet.kernel.vault.verify import verify


@register("contenus")
def store(config: Config, deep: bool) -> Iterator[Result]:  # noqa: FBT001  (the shape of a check)
    try:
        here().store.probe()
    except StoreFault as fault:
        yield Result(ok=False, text=str(fault))
        return
    if not deep:
        yield Result(ok=True, text="le dépôt répond (les contenus eux-mêmes : --deep)")
        return
    report = verify(deep=True)
    for label, ids in (
        ("absent", report.missing),
        ("altéré", report.altered),
        ("sans clé", report.locked),
    ):
        for blob_id in ids:
            yield Result(ok=False, text=f"contenu {label} : {blob_id}")
    if report.ok:
        yield Result(ok=True, text=f"{report.contents} contenus lus et vérifiés")


@register("clés")
def keys(config: Config, deep: bool) -> Result:  # noqa: FBT001  (the shape of a check)
    try:
        place = here()
        tied = place.data_keys.check()
        name = place.keeper.current()
    except KeyFault as fault:
        return Result(ok=False, text=str(fault))
    return Result(ok=True, text=f"clé maîtresse {name}" + ("" if tied else ", pas encore liée à cette base"))


@register("antivirus")
def scanner(config: Config, deep: bool) -> Result:  # noqa: FBT001  (the shape of a check)
    if not config.clamd:
        return Result(ok=True, text="aucun antivirus configuré (CARNET_CLAMD)")
    if antivirus.ping(config.clamd):
        return Result(ok=True, text="clamd répond")
    return Result(ok=False, text="clamd ne répond pas : aucun dépôt n'est accepté")
