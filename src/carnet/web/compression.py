"""Pages leave compressed, and nothing else does: files are dense already, static ones are packed once."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressionMiddleware(GZipMiddleware):
    """Not where the address asks something: words that somebody else put there would stand in the page, and its length
    would tell whether they stand in the record as well (BREACH). Django's own adds a random number of bytes besides."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if response.streaming or not is_page or request.META.get("QUERY_STRING"):
            return response
        return super().process_response(request, response)
