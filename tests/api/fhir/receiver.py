"""A receiver of notifications as a publisher writes one: it verifies who sent them, and for whom, before it answers."""

from __future__ import annotations

import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import httpx2
import orjson
from joserfc import jwt
from joserfc.jwk import KeySet

from carnet.kernel import config, database
from carnet.kernel.ids import from_fhir_id

JSON = dict[str, Any]


@dataclass
class Notification:
    bundle: JSON
    claims: JSON

    @property
    def parameters(self) -> JSON:
        found: JSON = self.bundle["entry"][0]["resource"]
        return found

    def value(self, name: str) -> Any:
        found = [each for each in self.parameters["parameter"] if each["name"] == name]
        return next(iter(value for key, value in found[0].items() if key != "name")) if found else None

    @property
    def kind(self) -> str:
        return str(self.value("type"))

    @property
    def events(self) -> list[tuple[int, str]]:
        """Number and focus of each."""
        found = []
        for each in self.parameters["parameter"]:
            if each["name"] == "notification-event":
                part = {one["name"]: one for one in each["part"]}
                focus = part.get("focus", {}).get("valueReference", {}).get("reference", "")
                found.append((int(part["event-number"]["valueString"]), focus.partition("/fhir/")[2]))
        return found

    @property
    def methods(self) -> list[str]:
        return [each["request"]["method"] for each in self.bundle["entry"][1:]]


@dataclass
class Receiver:
    """`answer` tells the status for a notification; what it has taken, in order, stands in `taken`."""

    keys: KeySet
    address: str = ""
    answer: Callable[[Notification], int] = lambda _: 200
    came: list[Notification] = field(default_factory=list)
    taken: list[Notification] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    held: int = 0
    """How many it has begun to answer."""

    def receive(self, path: str, signature: str, body: bytes) -> int:
        claims = jwt.decode(signature, self.keys, algorithms=["ES256"]).claims
        checks = jwt.JWTClaimsRegistry(aud={"essential": True, "value": self.address}, exp={"essential": True})
        checks.validate(claims)
        assert path == "/changes"
        assert claims["sha-256"] == urlsafe_b64encode(sha256(body).digest()).rstrip(b"=").decode()
        assert claims["jti"] not in self.seen, "sent once more by somebody else"
        self.seen.add(claims["jti"])
        found = Notification(orjson.loads(body), claims)
        self.came.append(found)
        self.held += 1
        status = self.answer(found)
        if 200 <= status < 300:
            self.taken.append(found)
        return status

    def events(self) -> list[tuple[int, str]]:
        return [each for one in self.taken for each in one.events]

    def waits_for(self, number: int) -> None:
        """So many have come, taken or not."""
        self.wait(lambda: len(self.came) == number)

    def wait(self, there: Callable[[], bool], seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while not there():
            assert time.monotonic() < end, [(each.kind, each.events) for each in self.came]
            time.sleep(0.05)


@contextmanager
def receiving(base: str) -> Iterator[Receiver]:
    keys = KeySet.import_key_set(httpx2.get(f"{base}/fhir/jwks.json").json())
    receiver = Receiver(keys)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                status = receiver.receive(self.path, self.headers["Carnet-Signature"], body)
            except Exception:  # noqa: BLE001  (whatever is not right is refused)
                status = 400
            self.send_response(status)
            self.send_header("Location", f"{receiver.address}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing on the screen."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.address = f"http://127.0.0.1:{server.server_address[1]}/changes"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield receiver
        server.shutdown()


def settled(subscription: str) -> None:
    """Until nothing of it is due any more."""
    pair = from_fhir_id(subscription)
    assert pair
    end = time.monotonic() + 60
    while jobs_of(pair[1]):
        assert time.monotonic() < end
        time.sleep(0.05)


def jobs_of(subscription_id: UUID) -> int:
    """Due, being done, or put off for seconds because its software hears of another one at this moment."""
    sql = (
        "select count(*) from app.kernel_job where key = %s and task = 'apps.deliver' and state = 'waiting'"
        " and (run_at <= now() + interval '6 seconds' or attempts > 0)"
    )
    with database.connect(config.load(), "owner") as owner:
        row = owner.execute(sql, (str(subscription_id),)).fetchone()
    assert row
    return int(row[0])


def moved(subscription: str, change: str, due: str = "apps.%") -> None:
    """Moves an instant of a subscription, as time would, and makes its waiting jobs of these names due, but for one
    that is under way."""
    pair = from_fhir_id(subscription)
    assert pair
    with database.connect(config.load(), "owner", autocommit=True) as owner:
        sql = f"update record.apps_subscription set {change} where record_id = %s and id = %s"
        owner.execute(sql.encode(), pair)
        jobs = (
            "update app.kernel_job set run_at = now() where id in (select id from app.kernel_job"
            " where key like %s and task like %s and state = 'waiting' for update skip locked)"
        )
        owner.execute(jobs, (f"{pair[1]}%", due))
