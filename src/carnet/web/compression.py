"""Pages leave compressed, and nothing else does: files are dense already, static ones are packed once."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressionMiddleware(GZipMiddleware):
    """Django's own, which adds a random number of bytes to each page: its length tells nothing of what is in it beside
    words that somebody else has put into the address (BREACH). The form's token changes with each page, and our cookie
    does not come with what another site asks for."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
