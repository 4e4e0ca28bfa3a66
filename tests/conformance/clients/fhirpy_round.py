"""The usual round of fhirpy: python fhirpy_round.py ROUND.json ANSWERS.json"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any

from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import ResourceNotFound

given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
answers: list[dict[str, Any]] = []


def keep(step: str, resource: Any) -> Any:
    answers.append({"step": step, "resource": json.loads(json.dumps(dict(resource)))})
    return resource


client = SyncFHIRClient(given["base"], authorization=f"Bearer {given['token']}")
keep("metadata", client.execute("metadata", method="get"))

published = keep("publish", client.resource("DocumentReference", **given["publish"]).create())
provided = keep("provide", client.execute("", method="post", data=given["transaction"]))
assert len(provided["entry"]) == len(given["transaction"]["entry"])
for body in given["many"]:
    client.resource("DocumentReference", **body).create()

search = client.resources("DocumentReference").search(**{"patient.identifier": given["patient"], "status": "current"})
keep("search", search.limit(10).fetch_raw())
found = [each.id for each in search.limit(10)]
assert len(found) == len(set(found)) == len(given["many"]) + 2
assert search.count() == len(found)

read = keep("read", client.get("DocumentReference", published.id))
binary = keep("binary", client.execute(read["content"][0]["attachment"]["url"], method="get"))
assert base64.b64decode(binary["data"]).decode() == given["content"]

change = [{"op": "replace", "path": "/securityLabel/0", "value": given["hidden"]}]
patched = keep("patch", client.execute(f"DocumentReference/{published.id}", method="patch", data=change))
assert patched["meta"]["versionId"] == "2"
versions = keep("history", client.execute(f"DocumentReference/{published.id}/_history", method="get"))
assert versions["total"] == 2

try:
    client.get("DocumentReference", "nobody")
except ResourceNotFound as error:
    keep("error", json.loads(str(error)))

Path(sys.argv[2]).write_text(json.dumps(answers), encoding="utf-8")
