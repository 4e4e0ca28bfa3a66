"""The WSGI application that Granian serves."""

from __future__ import annotations

import os
from functools import lru_cache

import django
from django.conf import settings
from django.core.cache import close_caches
from django.core.handlers.base import reset_urlconf
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, reset_queries
from django.http import HttpRequest, HttpResponseBase
from django.http.request import split_domain_port, validate_host

os.environ["DJANGO_SETTINGS_MODULE"] = "carnet.settings"
django.setup(set_prefix=False)

# After the settings, whose engine it is.
from carnet.kernel.postgres.base import close_what_is_unusable  # noqa: E402


class _Request(WSGIRequest):
    def get_host(self) -> str:
        host: str = self._get_raw_host()  # type: ignore[attr-defined]
        return host if _allowed(host) else super().get_host()


@lru_cache(maxsize=64)
def _allowed(host: str) -> bool:
    """As Django tells it, which tells it anew with each request."""
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


class _Handler(WSGIHandler):
    request_class = _Request

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        close_what_is_unusable()
        response = super().get_response(request)
        response._resource_closers.append(close_what_is_unusable)  # type: ignore[attr-defined]  # noqa: SLF001
        return response


application = _Handler()

# Carnet has no cache of Django's, keeps no list of statements and has one table of addresses: at both ends of each
# request there is nothing to tidy up but this thread's connections, which the handler does.
request_started.disconnect(reset_queries)
request_started.disconnect(close_old_connections)
request_finished.disconnect(close_caches)
request_finished.disconnect(close_old_connections)
request_finished.disconnect(reset_urlconf)
