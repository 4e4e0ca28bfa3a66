"""Carnet on the home screen of a phone, and in the list of applications with which others share a file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse

from carnet.documents.drafts import ACCEPTED
from carnet.kernel.http import Audience, Audit, door
from carnet.web import assets

# The cover's colour and the paper's, as tokens.css has them.
_COVER, _PAPER = "#0b4a57", "#f4f6f5"


@door(audience=Audience.OPEN, audit=Audit.NONE)
def manifest(request: HttpRequest) -> HttpResponseBase:
    answer = JsonResponse(_manifest(), content_type="application/manifest+json")
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


def _manifest() -> dict[str, Any]:
    return {
        "id": "/",
        "name": "Carnet",
        "short_name": "Carnet",
        "lang": "fr",
        "start_url": "/accueil",
        "scope": "/",
        "display": "standalone",
        "theme_color": _COVER,
        "background_color": _PAPER,
        "icons": [
            {"src": assets.url(f"icon-{side}.png"), "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}
            for side in (192, 512)
            for purpose in ("any", "maskable")
        ],
        "share_target": {
            "action": "/documents/ajouter/partage",
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {"title": "titre", "files": [{"name": "fichiers", "accept": sorted(ACCEPTED)}]},
        },
    }
