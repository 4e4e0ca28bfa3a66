"""How a token ends, what may be asked about it, and how keys follow each other without a cut."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import httpx2
import pytest
from django.db import transaction

from carnet.kernel import clock, config, database
from carnet.kernel.db import WRITER
from carnet.kernel.jobs import registry
from carnet.people import clients
from tests.api.oauth.software import Software, a_doctor_of, acting_for, bearer
from tests.api.oauth.test_token import refused
from tests.cast import identifier


@pytest.fixture
def software(server: str) -> Software:
    return Software(server, scope="system/*.cruds user/*.cruds", acts=True)


def used(software: Software, token: str) -> int:
    query = {"identifier": identifier("dominique")}
    return httpx2.get(f"{software.base}/fhir/Patient", params=query, headers=bearer(token)).status_code


def read(software: Software, token: str) -> int:
    query = {"patient.identifier": identifier("dominique"), "status": "current"}
    return httpx2.get(f"{software.base}/fhir/DocumentReference", params=query, headers=bearer(token)).status_code


def test_a_revoked_token_ends_with_the_next_request(software: Software) -> None:
    token, other = software.token(), software.token()
    assert (used(software, token), read(software, token)) == (200, 200)
    assert software.post("revoke", token=token).json() == {}
    assert (used(software, token), read(software, token)) == (401, 401)
    assert used(software, other) == 200


def test_the_token_of_a_professional_is_revoked_by_the_software(software: Software) -> None:
    _, rpps = a_doctor_of(software)
    token = software.token(extensions=acting_for(rpps))
    assert used(software, token) == 200
    assert software.post("revoke", token=token, token_type_hint="access_token").status_code == 200
    assert used(software, token) == 401


def test_nobody_revokes_the_token_of_another(software: Software, server: str, tokens: dict[str, str]) -> None:
    theirs = Software(server).token()
    for token in (theirs, tokens["dr-martin"]):
        refused(software.post("revoke", token=token), "token-of-another")
        assert used(software, token) == 200


def test_revoking_what_is_not_there_is_no_error(software: Software) -> None:
    """RFC 7009: the purpose is reached already."""
    gone = software.token()
    for token in ("never-was", gone, gone):
        assert software.post("revoke", token=token).status_code == 200
    refused(software.post("revoke"), "token-missing")
    refused(software.post("revoke", token="x", token_type_hint="id_token"), "token-type-hint")
    refused(httpx2.post(f"{software.base}/oauth/revoke", data={"token": gone}), "assertion-missing")


def test_introspection_tells_of_own_tokens(software: Software) -> None:
    before = int(clock.now().timestamp())
    answer = software.post("introspect", token=software.token("system/Patient.s"))
    told = answer.json()
    assert 0 <= told["iat"] - before <= 5
    assert told["exp"] - told["iat"] == 300
    assert told.pop("extensions").keys() == {"ihe_iua"}
    assert told | {"iat": 0, "exp": 0} == {
        "active": True,
        "scope": "system/Patient.s",
        "token_type": "Bearer",
        "iss": software.base,
        "sub": str(software.id),
        "client_id": software.name,
        "iat": 0,
        "exp": 0,
    }
    assert answer.headers["Cache-Control"] == "no-store"


def test_introspection_tells_nothing_of_others(software: Software, server: str, tokens: dict[str, str]) -> None:
    theirs = Software(server).token()
    revoked = software.token()
    software.post("revoke", token=revoked)
    for token in (theirs, tokens["dominique"], revoked, "never-was"):
        assert software.post("introspect", token=token).json() == {"active": False}
    refused(httpx2.post(f"{server}/oauth/introspect", data={"token": theirs}), "assertion-missing")


def test_a_resource_server_is_told_by_its_scope(server: str, tokens: dict[str, str]) -> None:
    resource_server = Software(server, scope="introspection")
    theirs = Software(server)
    told = resource_server.post("introspect", token=theirs.token()).json()
    assert (told["active"], told["client_id"]) == (True, theirs.name)
    told = resource_server.post("introspect", token=tokens["dr-martin"]).json()
    assert (told["active"], told["scope"]) == (True, "user/*.cruds")
    assert "client_id" not in told


def test_a_jti_spent_in_one_process_is_spent_in_all(software: Software) -> None:
    """This process and the server's are two."""
    jti = uuid4().hex
    soon = clock.now() + timedelta(minutes=5)
    assert clients.spend_assertion(client_id=software.id, jti=jti, expires_at=soon)
    refused(software.ask(jti=jti), "assertion-replayed")
    other = uuid4().hex
    assert software.ask(jti=other).status_code == 200
    assert not clients.spend_assertion(client_id=software.id, jti=other, expires_at=soon)


def test_ten_at_once_spend_it_once(software: Software) -> None:
    assertion = software.assertion()
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: software.ask(assertion=assertion).status_code, range(10)))
    assert sorted(answers) == [200] + [401] * 9


def test_a_key_revoked_here_ends_its_tokens_there(software: Software) -> None:
    """The server remembers the token; this process revokes the key. The other key's token goes on."""
    software.add_key("second")
    old, new = software.token(), software.token(header={"kid": "second"})
    _, rpps = a_doctor_of(software)
    for_doctor = software.token(extensions=acting_for(rpps))
    assert [used(software, token) for token in (old, new, for_doctor)] == [200, 200, 200]
    assert clients.revoke_key(client_id=software.id, kid="first")
    assert [used(software, token) for token in (old, new, for_doctor)] == [401, 200, 401]
    assert not clients.revoke_key(client_id=software.id, kid="first")


def test_a_disabled_client_ends_with_all_its_tokens(software: Software) -> None:
    _, rpps = a_doctor_of(software)
    issued = [software.token(), software.token(extensions=acting_for(rpps))]
    assert [read(software, token) for token in issued] == [200, 403]
    clients.disable(client_id=software.id)
    assert [read(software, token) for token in issued] == [401, 401]


def test_fewer_rights_hold_from_the_next_request(software: Software) -> None:
    token = software.token()
    assert used(software, token) == 200
    clients.change(client_id=software.id, scope="system/DocumentReference.c")
    assert used(software, token) == 401
    assert software.ask().json()["scope"] == "system/DocumentReference.c"
    assert software.registered().acts_for_professionals
    clients.change(client_id=software.id, acts_for_professionals=False)
    assert not software.registered().acts_for_professionals
    assert software.registered().scope == "system/DocumentReference.c"


def test_keys_follow_each_other_without_a_cut(software: Software) -> None:
    """Fifty requests while the second key comes, both hold, and the first is revoked."""

    def request(kid: str) -> tuple[int, int]:
        answer = software.ask(header={"kid": kid})
        return answer.status_code, used(software, answer.json().get("access_token", "")) if answer.is_success else 0

    with ThreadPoolExecutor(4) as pool:
        first = [pool.submit(request, "first") for _ in range(15)]
        software.add_key("second")
        both = [pool.submit(request, kid) for kid in ("first", "second") * 10]
        second = [pool.submit(request, "second") for _ in range(15)]
        _ended([*first, *both])
        assert clients.revoke_key(client_id=software.id, kid="first")
        answers = [each.result() for each in [*first, *both, *second]]
    assert len(answers) == 50
    assert set(answers) == {(200, 200)}
    refused(software.ask(), "client-not-proven")


def _ended(requests: list[Future[tuple[int, int]]]) -> None:
    for each in requests:
        each.result()


def test_spent_assertions_are_forgotten_once_they_have_ended(software: Software) -> None:
    now = clock.now()
    for jti, ends in (("old", now - timedelta(seconds=1)), ("new", now + timedelta(minutes=5))):
        assert clients.spend_assertion(client_id=software.id, jti=jti, expires_at=ends)
    assert registry.discover()["assertions.purge"].every == timedelta(days=1)
    with transaction.atomic(using=WRITER):
        registry.call("assertions.purge", {})
    with database.connect(config.load(), "owner") as owner:
        kept = owner.execute("select count(*) from app.people_spent_assertion where expires_at < %s", (now,)).fetchone()
    assert kept == (0,)
    assert not clients.spend_assertion(client_id=software.id, jti="new", expires_at=now)


def test_tokens_are_forgotten_a_day_after_they_ended(software: Software) -> None:
    held, old = software.token(), software.token()
    gone = sha256(old.encode()).digest()
    with database.connect(config.load(), "owner") as owner:
        owner.execute("update app.people_token set expires_at = now() - interval '25 hours' where digest = %s", (gone,))
    with transaction.atomic(using=WRITER):
        registry.call("assertions.purge", {})
    with database.connect(config.load(), "owner") as owner:
        kept = owner.execute("select digest from app.people_token where digest = %s", (gone,)).fetchall()
    assert kept == []
    assert used(software, held) == 200


def test_each_token_leaves_a_line_on_the_account(software: Software) -> None:
    doctor, rpps = a_doctor_of(software)
    token = software.token(extensions=acting_for(rpps))
    software.post("revoke", token=token)
    with database.connect(config.load(), "owner") as owner:
        lines = owner.execute(
            "select action, door from trail.line where actor_id = %s and record_id is null order by at", (doctor.id,)
        ).fetchall()
    assert lines == [("token-issued", f"oauth:{software.name}"), ("token-revoked", f"oauth:{software.name}")]
