"""A button that a finger meets twice: the form of one page, sent again at once, is answered as it was, and nothing is
done a second time. A page that was made anew has another token, and is another form."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase

_KEPT: Final = "sent"
_SECONDS: Final = 10
_FORM: Final = "application/x-www-form-urlencoded"

View = Callable[..., HttpResponseBase]


def once(view: View) -> View:
    """Around everything else that the view is made of: what was open may be closed by the first of the two."""

    @wraps(view)
    def answered(request: HttpRequest, **parameters: Any) -> HttpResponseBase:
        if request.method != "POST" or request.content_type != _FORM:
            return view(request, **parameters)
        sent = request.body
        before = answered_before(request, sent)
        if before is not None:
            return before
        response = view(request, **parameters)
        remember(request, sent, response)
        return response

    return answered


def answered_before(request: HttpRequest, sent: bytes) -> HttpResponse | None:
    """How the same was answered a moment ago."""
    form, there, at = request.session.get(_KEPT, ("", "", 0))
    if form != _digest(request, sent) or time.time() - at > _SECONDS:
        return None
    return HttpResponse(status=HTTPStatus.SEE_OTHER, headers={"Location": there})


def remember(request: HttpRequest, sent: bytes, response: HttpResponseBase) -> None:
    """`sent`: what tells this form from any other. What is shown as a page may be asked for again."""
    if response.status_code == HTTPStatus.SEE_OTHER:
        request.session[_KEPT] = [_digest(request, sent), response["Location"], time.time()]


def _digest(request: HttpRequest, sent: bytes) -> str:
    return b64encode(sha256(request.path.encode() + b"\0" + sent).digest()).decode()
