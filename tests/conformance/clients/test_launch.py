"""The public client of SMART for browsers, `fhirclient`, does an EHR launch in a real Chromium, with nothing written
for Carnet alone: it finds the server, signs nothing, comes back with its patient, and renews."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from carnet.kernel.actor import Purpose
from tests import people
from tests.api.oauth.software import Software, a_doctor_of, acting_for
from tests.conformance.clients.test_clients import BUILD, installed  # noqa: F401  (a fixture)
from tests.sessions import COOKIE
from tests.smart.app import App, launch
from tests.smart.app import Browser as Session

pytestmark = pytest.mark.long

LAUNCH = """<!doctype html><title>launch</title><script src="fhir-client.js"></script><script>
FHIR.oauth2.authorize({ clientId: "%s", scope: "%s", redirectUri: "app.html" });
</script>"""
APP = """<!doctype html><title>app</title><pre id="said"></pre><script src="fhir-client.js"></script><script>
FHIR.oauth2.ready().then(async (client) => {
  const patient = await client.patient.read();
  const user = await client.user.read();
  const found = await client.request(`DocumentReference?patient=${client.patient.id}`);
  const before = client.state.tokenResponse.access_token;
  await client.refresh();
  const again = await client.patient.read();
  document.title = "done";
  document.getElementById("said").textContent = JSON.stringify({
    patient: patient.identifier[0].value, user: user.resourceType, total: found.total, same: again.id === patient.id,
    renewed: client.state.tokenResponse.access_token !== before, kind: client.user.resourceType,
  });
}).catch((error) => { document.title = "failed"; document.getElementById("said").textContent = String(error); });
</script>"""
SCOPE = "launch openid fhirUser online_access patient/*.rs"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def site(installed: None, tmp_path: Path) -> Iterator[tuple[str, Path]]:  # noqa: F811
    """A web site of the app's own."""
    (tmp_path / "fhir-client.js").write_bytes((BUILD / "node_modules/fhirclient/build/fhir-client.js").read_bytes())
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}", tmp_path
    server.shutdown()
    server.server_close()


def test_fhirclient_is_launched_with_the_patient_chosen(site: tuple[str, Path], server: str, browser: Browser) -> None:
    home, folder = site
    patient = people.a_patient()
    software = Software(server, scope="user/Patient.s", acts=True)
    doctor, rpps = a_doctor_of(software)
    people.authorised(patient, doctor)
    people.deposited(doctor, patient, purpose=Purpose.CARE)
    app = App(server, redirect=f"{home}/app.html", launched=f"{home}/launch.html")
    (folder / "launch.html").write_text(LAUNCH % (app.name, SCOPE), encoding="utf-8")
    (folder / "app.html").write_text(APP, encoding="utf-8")

    token = software.token("user/Patient.s", extensions=acting_for(rpps))
    address = launch(software, token, patient, client_id=app.name).json()["launch_url"]
    context = browser.new_context()
    session = Session(server, doctor).client.cookies[COOKIE]
    context.add_cookies([{"name": COOKIE, "value": session, "url": server}])
    page = context.new_page()
    page.goto(address)
    page.get_by_role("button", name="Laisser entrer cette application").click()
    page.wait_for_function("document.title === 'done' || document.title === 'failed'")
    said = page.locator("#said").inner_text()
    assert page.title() == "done", said
    told = page.evaluate("JSON.parse(document.getElementById('said').textContent)")
    expected = {"user": "Practitioner", "kind": "Practitioner", "total": 1, "same": True, "renewed": True}
    assert told == {"patient": patient.ins, **expected}
    context.close()
