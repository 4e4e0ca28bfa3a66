"""Where to go after a detour: only ever a page of ours."""

from __future__ import annotations

from django.utils.http import url_has_allowed_host_and_scheme

_DETOURS = ("/connexion", "/deconnexion", "/langue", "/demo")


def safe_path(wanted: str | None, otherwise: str) -> str:
    """`wanted` when it is a path on this site that is no step of signing in."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(_DETOURS):
        return otherwise
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else otherwise
