"""The usual round of fhirclient (SMART's client for Python, which checks every answer against its models of R4):
python fhirclient_round.py ROUND.json ANSWERS.json"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any

from fhirclient.client import FHIRClient
from fhirclient.models.binary import Binary
from fhirclient.models.bundle import Bundle
from fhirclient.models.documentreference import DocumentReference
from fhirclient.server import FHIRNotFoundException

given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
answers: list[dict[str, Any]] = []


def keep(step: str, resource: Any) -> Any:
    answers.append({"step": step, "resource": resource.as_json()})
    return resource


smart = FHIRClient(settings={"app_id": "carnet-conformance", "api_base": given["base"]})
smart.server.session.headers["Authorization"] = f"Bearer {given['token']}"
smart.prepare()
keep("metadata", smart.server.capabilityStatement)

created = DocumentReference(given["publish"]).create(smart.server)
published = keep("publish", DocumentReference(created))
provided = keep("provide", Bundle(smart.server.post_json("", given["transaction"]).json()))
assert len(provided.entry) == len(given["transaction"]["entry"])
for body in given["many"]:
    DocumentReference(body).create(smart.server)

search = DocumentReference.where({"patient.identifier": given["patient"], "status": "current", "_count": "10"})
pages = list(search.perform_iter(smart.server))
keep("search", pages[0])
found = [entry.resource.id for page in pages for entry in page.entry or ()]
assert len(found) == len(set(found)) == len(given["many"]) + 2

read = keep("read", DocumentReference.read(published.id, smart.server))
binary = keep("binary", Binary.read_from(read.content[0].attachment.url, smart.server))
assert base64.b64decode(binary.data).decode() == given["content"]
history = keep("history", Bundle(smart.server.request_json(f"DocumentReference/{published.id}/_history")))
assert history.total == 1

try:
    DocumentReference.read("nobody", smart.server)
except FHIRNotFoundException:
    pass
else:
    raise AssertionError("an unknown document is not found")

Path(sys.argv[2]).write_text(json.dumps(answers), encoding="utf-8")
