"""The middleware at the door."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from carnet.kernel import metrics
from carnet.kernel.http import DoorMiddleware


def _methods_told() -> set[str]:
    return {sample.labels["method"] for family in metrics.requests.collect() for sample in family.samples}


def _ask(method: str) -> None:
    def answer(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    DoorMiddleware(answer)(RequestFactory().generic(method, "/"))


def test_invented_methods_make_no_new_figures() -> None:
    for number in range(30):
        _ask(f"INVENTED{number}")
    assert not any(method.startswith("INVENTED") for method in _methods_told())
    assert "other" in _methods_told()


def test_known_methods_are_told_by_name() -> None:
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        _ask(method)
        assert method in _methods_told()


def test_software_too_is_served_under_our_own_names_alone() -> None:
    answer = Client().get("/fhir/metadata", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Request-Id"]


def test_software_gets_the_headers_of_every_answer_and_leaves_no_session() -> None:
    client = Client(SERVER_NAME="localhost")
    client.cookies["carnet_session"] = "of-a-person"
    answer = client.get("/fhir/DocumentReference")
    assert answer.status_code == 401
    assert answer["Content-Length"] == str(len(answer.content))
    assert answer["Content-Security-Policy"]
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert not answer.cookies
    assert "Vary" not in answer


@pytest.mark.parametrize(("address", "told"), [("https://localhost", "max-age=31536000"), ("http://localhost", None)])
def test_browsers_come_by_https_alone_where_there_is_https(
    monkeypatch: pytest.MonkeyPatch, address: str, told: str | None
) -> None:
    monkeypatch.setattr(settings, "CARNET", replace(settings.CARNET, public_url=address))
    for path in ("/connexion", "/fhir/metadata", "/nowhere"):
        answer = Client(SERVER_NAME="localhost").get(path)
        assert answer.headers.get("Strict-Transport-Security") == told, path
