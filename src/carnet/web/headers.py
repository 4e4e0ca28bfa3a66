"""The headers of every answer: what a browser may load, keep and tell others."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from carnet.kernel.http import constant

_POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def policy(**changes: str) -> str:
    """The page policy; `img_src="'self' data:"` changes one line of it."""
    lines = _POLICY | {name.replace("_", "-"): value for name, value in changes.items()}
    return "; ".join(f"{name} {value}" for name, value in lines.items())


# The pages' own two files of script, and the requests that they make.
PAGE = policy(script_src="'self'", connect_src="'self'")
# A document's narrative may hold its images in itself. No script runs on that page, whatever it holds.
READING = policy(img_src="'self' data:")


def keys_only(nonce: str) -> str:
    """The same, but for the one script of ours that this answer names by a word made for it."""
    return policy(img_src="'self' data:", script_src=f"'nonce-{nonce}'")


# A deposited file opened by itself loads nothing and runs nothing. (Under `sandbox` Chromium shows no PDF.)
FILE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

_always = constant(
    {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    }
)
# Where people come by HTTPS, their browsers never try anything else again; other hosts of the domain are left alone.
_HTTPS_ALONE = constant({"Strict-Transport-Security": "max-age=31536000"})
_UNLESS_SET = {
    name: constant({name: value})
    for name, value in {"Content-Security-Policy": PAGE, "Cache-Control": "no-store"}.items()
}


class HeadersMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.secure = settings.CARNET.secure

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        _always(response)
        if self.secure:
            _HTTPS_ALONE(response)
        for name, set_on in _UNLESS_SET.items():
            if name not in response.headers:
                set_on(response)
        return response
