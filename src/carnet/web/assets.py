"""Static files, served by the application itself under names that carry their hash.

No collecting step and no web server needed: every process reads the package's few files once, joins the
style sheets into one and answers from memory; a name with a hash may be cached for ever, by a proxy too.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse

from carnet.kernel.http import Audience, Audit, door

PREFIX = "/static/"

_FOLDER = Path(__file__).parent / "static"
_SHEETS = ("base.css", "tokens.css", "app.css", "web.css")
_SINGLE = (
    "public-sans.woff2",
    "icons.svg",
    "favicon.svg",
    "cross.svg",
    "htmx.min.js",
    "carnet.js",
    "sending.js",
    "depot.js",
    "codes.js",
    "passkeys.js",
    "demoapp.js",
    "keys.js",
    "icon-192.png",
    "icon-512.png",
)
# Addresses that stand in the sheets as they were built, and the file that each means.
_IN_SHEETS = {
    "vendor/public-sans.woff2": "public-sans.woff2",
    "/assets/images/nhsuk-icon-cross.svg": "cross.svg",
}
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_DENSE = frozenset({".png", ".woff2"})
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    path: str
    media_type: str
    body: bytes
    packed: bytes | None


@cache
def _assets() -> dict[str, Asset]:
    """By plain name: `carnet.css`, the joined sheets, and the single files."""
    found = {name: _asset(name, (_FOLDER / name).read_bytes()) for name in _SINGLE}
    found["carnet.css"] = _asset("carnet.css", _sheet(found))
    return found


@cache
def _by_path() -> dict[str, Asset]:
    return {asset.path: asset for asset in _assets().values()}


def _sheet(files: dict[str, Asset]) -> bytes:
    joined = "\n".join((_FOLDER / name).read_text(encoding="utf-8-sig") for name in _SHEETS)
    for address, name in _IN_SHEETS.items():
        joined = joined.replace(address, files[name].path)
    return joined.encode()


def _asset(name: str, body: bytes) -> Asset:
    plain = Path(name)
    path = f"{PREFIX}{plain.stem}.{sha256(body).hexdigest()[:16]}{plain.suffix}"
    packed = None if plain.suffix in _DENSE else gzip.compress(body, 9, mtime=0)
    return Asset(path, _TYPES[plain.suffix], body, packed)


def url(name: str) -> str:
    return _assets()[name].path


@door(audience=Audience.OPEN, audit=Audit.NONE)
def serve(request: HttpRequest, name: str) -> HttpResponse:
    asset = _by_path().get(PREFIX + name)
    if asset is None:
        raise Http404
    packed = asset.packed if "gzip" in request.headers.get("Accept-Encoding", "") else None
    response = HttpResponse(packed or asset.body, content_type=asset.media_type)
    response["Cache-Control"] = _FOR_EVER
    response["Vary"] = "Accept-Encoding"
    if packed:
        response["Content-Encoding"] = "gzip"
    return response
