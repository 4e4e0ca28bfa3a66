"""The form of an address for notices and its link, as persons (`patient.warning`) and professionals (`pro.notices`) see
them; what each may be told of is told by their page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from carnet.notify.contacts import Contact
from carnet.notify.rules import Kind
from carnet.web.i18n import gettext


def wrong_address() -> str:
    return gettext("Écrivez une adresse complète, par exemple nom@exemple.fr")


def token(request: HttpRequest) -> str:
    return request.POST.get("jeton") or request.GET.get("jeton", "")


def form(
    request: HttpRequest,
    known: Contact | None,
    kinds: Mapping[Kind, str],
    *,
    address: str,
    chosen: frozenset[Kind],
    error: str,
) -> dict[str, Any]:
    """`address` and `chosen`: what was written, beside `error`, or what is proposed to who has no address yet."""
    return {
        "contact": known,
        "address": address or (known.address if known else ""),
        "chosen": chosen if error or not known else known.kinds,
        "kinds": kinds,
        "errors": [("courriel", error)] if error else [],
        "done": request.GET.get("fait", ""),
        "sends": bool(settings.CARNET.smtp_url),
    }
