"""Can the providers prove what the sensitive acts ask for?"""

from __future__ import annotations

from collections.abc import Iterator

from carnet.kernel.checks import Result, register
from carnet.kernel.config import Config
from carnet.people.rules import LEVELS
from carnet.web.auth import assurance
from carnet.web.auth.assurance import BadTable


@register("niveaux")
def levels(config: Config, _deep: bool) -> Iterator[Result]:  # noqa: FBT001 - the shape of a check
    """An act that asks for more than the accepted levels can never be done."""
    try:
        table = assurance.table()
    except BadTable as bad:
        yield Result(ok=False, text=f"CARNET_ASSURANCE_FILE : {bad}")
        return
    best = max((table.rank(acr) for acr in config.patient_oidc_levels), default=-1)
    beyond = sorted(deed for deed, rule in table.rules.items() if rule.rank > best)
    if beyond:
        most = LEVELS[best] if best >= 0 else "aucun niveau connu"
        yield Result(ok=False, text=f"{', '.join(beyond)} : demandent plus que {most}, le plus haut accepté")
    else:
        yield Result(ok=True, text=f"{len(table.rules)} actes sensibles")
