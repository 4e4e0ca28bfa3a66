"""What was erased is not there."""

from __future__ import annotations

from django.db import connections

from carnet.kernel.checks import Result, register
from carnet.kernel.config import Config
from carnet.kernel.db import READER
from carnet.kernel.erasing import journal

_LEFT = """
    select count(*) from (
        select record_id from app.kernel_locator where record_id = any(%(told)s)
        union select scope_id from app.kernel_datakey where scope_id = any(%(told)s)
        union select scope_id from app.kernel_blob where scope_id = any(%(told)s)
    ) x
"""


@register("effacements")
def erased(config: Config, _deep: bool) -> Result:  # noqa: FBT001 - the shape of a check
    outside = set(journal.read(journal.place(config)))
    with connections[READER].cursor() as cursor:
        cursor.execute("select record_id from trail.erasure")
        inside = {row[0] for row in cursor.fetchall()}
        cursor.execute(_LEFT, {"told": sorted(inside | outside)})
        left = cursor.fetchone()[0]
    if inside - outside:
        return Result(
            ok=False,
            text=f"effacements qui manquent à {journal.NAME} : {len(inside - outside)} (lancez carnet erasures)",
        )
    if left:
        return Result(ok=False, text=f"traces de carnets effacés, revenues : {left} (lancez carnet erasures)")
    return Result(ok=True, text=f"carnets effacés : {len(inside)}, journal complet hors de la base")
