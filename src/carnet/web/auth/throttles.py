"""Which failures from one address make it wait, and how long. Other ways in stay open."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.http import HttpRequest

from carnet.kernel.http import seen_from
from carnet.kernel.throttle import Throttle
from carnet.web.i18n import gettext

PASSKEYS: Final = Throttle("passkey", 20, timedelta(minutes=1))
"""No signature can be guessed: the count spares work and lines of the log."""
CODES: Final = Throttle("code", 30, timedelta(minutes=15))
"""Of codes on paper, whosever: each record counts its own wrong tries besides (`records.paper`)."""

SHARED: Final = Throttle("shared", 30, timedelta(minutes=10))
"""Of files that came without anybody being signed in: one address does not fill the room where they wait."""


def too_many_codes(request: HttpRequest) -> str:
    """What to say to who must wait before another code; "" for nobody."""
    seconds = CODES.wait(seen_from(request))
    if not seconds:
        return ""
    return gettext("Trop de codes faux ont été essayés d'ici : réessayez dans %(minutes)s minutes") % {
        "minutes": -(-seconds // 60)
    }
