"""The request as every view gets it: without the one character that no text of the database may have."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest, QueryDict
from django.http.request import split_domain_port, validate_host
from django.urls import ResolverMatch
from django.utils.functional import cached_property

_NUL = "\0"


class Request(WSGIRequest):
    """NUL is dropped from the fields of addresses and forms: nobody types it, and PostgreSQL has no such text."""

    @cached_property
    def GET(self) -> QueryDict:  # type: ignore[override]  # noqa: N802  (Django's name)
        raw = self.META.get("QUERY_STRING", "").encode("iso-8859-1")
        return _clean(QueryDict(raw, encoding=self.encoding))

    def _load_post_and_files(self) -> None:
        super()._load_post_and_files()
        self._post: Any = _clean(self._post)

    def get_host(self) -> str:
        host: str = self._get_raw_host()  # type: ignore[attr-defined]
        return host if _allowed(host) else super().get_host()


@lru_cache(maxsize=64)
def _allowed(host: str) -> bool:
    """As Django tells it, which tells it anew with each request."""
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


class Handler(WSGIHandler):
    request_class = Request

    def __init__(self) -> None:
        super().__init__()
        self._constant: dict[str, ResolverMatch] = {}

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """Addresses that name nothing lead to the same view each time, and there are as many as the table has."""
        known = self._constant.get(request.path_info)
        if known is None:
            found = super().resolve_request(request)
            if not found.args and not found.kwargs:
                self._constant[request.path_info] = found
            return found
        request.resolver_match = known
        return known


def _clean(fields: QueryDict) -> QueryDict:
    if not any(_NUL in text for name, values in fields.lists() for text in (name, *values)):
        return fields
    clean = QueryDict(mutable=True, encoding=fields.encoding)
    for name, values in fields.lists():
        clean.setlist(name.replace(_NUL, ""), [value.replace(_NUL, "") for value in values])
    clean._mutable = False  # noqa: SLF001  (as Django does)
    return clean
