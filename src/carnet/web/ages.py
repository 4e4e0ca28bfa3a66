"""How old somebody is, as people say it: a newborn in days, an infant in months, then in years."""

from __future__ import annotations

from datetime import date
from typing import Final

from carnet.web.i18n import ngettext

_MONTHS_UNTIL: Final = 24
_YEAR: Final = 12


def told(birth: date, on: date) -> str:
    months = 12 * (on.year - birth.year) + on.month - birth.month - (on.day < birth.day)
    if months < 1:
        days = max((on - birth).days, 0)
        return ngettext("%(count)s jour", "%(count)s jours", days) % {"count": days}
    if months < _MONTHS_UNTIL:
        return ngettext("%(count)s mois", "%(count)s mois", months) % {"count": months}
    return ngettext("%(count)s an", "%(count)s ans", months // _YEAR) % {"count": months // _YEAR}
