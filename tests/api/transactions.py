"""What a program sends to ITI-65, for any person: the parts of `tests.formats.fhir.bundles`, under fresh names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.cast import TEST_OID
from tests.formats.fhir import bundles
from tests.formats.fhir.bundles import JSON

TEXT = "text/plain"


def oid() -> str:
    """A fresh one, as MHD wants it."""
    return f"urn:oid:2.25.{uuid4().int}"


@dataclass
class Transaction:
    """For the person of that INS; `subject` is how every resource names her."""

    ins: str
    subject: JSON = field(default_factory=dict)
    set_id: str = field(default_factory=oid)
    parts: list[JSON] = field(default_factory=list)
    members: list[int] = field(default_factory=list)
    number: int = 10

    def __post_init__(self) -> None:
        self.subject = self.subject or {"reference": f"Patient?identifier=urn:oid:{TEST_OID}|{self.ins}"}

    def document(self, content: bytes, *, unique_id: str = "", replaces: str = "", **changes: Any) -> str:
        """Adds one with its content; answers its full URL. `replaces` is the id of a stored DocumentReference."""
        entry = bundles.document(self.number, content, media_type=TEXT)
        resource = entry["resource"]
        resource["masterIdentifier"]["value"] = unique_id or oid()
        resource["contained"][0]["identifier"][0]["value"] = self.ins
        resource["subject"] = dict(self.subject)
        if replaces:
            target = {"reference": f"DocumentReference/{replaces}"}
            resource["relatesTo"] = [{"code": "replaces", "target": target}]
        resource.update(changes)
        self.parts += [entry, bundles.binary(self.number + 1, content, media_type=TEXT)]
        return self._member()

    def folder(self, items: Sequence[str], *, folder_id: str = "", unique_id: str = "") -> str:
        """A new one, or a change of the one with that id."""
        entry = bundles.folder(self.number, *items)
        entry["resource"]["subject"] = dict(self.subject)
        entry["resource"]["identifier"][0]["value"] = unique_id or oid()
        if folder_id:
            entry["resource"]["id"] = folder_id
            entry["request"] = {"method": "PUT", "url": f"List/{folder_id}"}
        self.parts.append(entry)
        return self._member()

    def patch(self, target: str) -> None:
        self.parts.append(bundles.patch(self.number, target))
        self.number += 10

    def patient(self, resource: JSON) -> str:
        """A Patient of the bundle, whom the rest may name by the answer."""
        self.parts.append(
            {
                "fullUrl": bundles.url(self.number),
                "resource": resource,
                "request": {"method": "POST", "url": "Patient"},
            }
        )
        self.number += 10
        return bundles.url(self.number - 10)

    def bundle(self) -> JSON:
        whole = bundles.submission_set(*self.members)
        whole["resource"]["identifier"][0]["value"] = self.set_id
        whole["resource"]["subject"] = dict(self.subject)
        return bundles.bundle(whole, *self.parts)

    def _member(self) -> str:
        self.members.append(self.number)
        self.number += 10
        return bundles.url(self.number - 10)


def of(ins: str, contents: Iterable[bytes], **options: Any) -> JSON:
    transaction = Transaction(ins, **options)
    for content in contents:
        transaction.document(content)
    return transaction.bundle()


def locations(answer: JSON) -> list[str]:
    return [entry["response"]["location"] for entry in answer["entry"]]


def statuses(answer: JSON) -> list[str]:
    return [entry["response"]["status"][:3] for entry in answer["entry"]]


def ids(answer: JSON, kind: str = "DocumentReference") -> list[str]:
    """Those of one type of resource, in the order of the answer."""
    parts = [location.split("/") for location in locations(answer)]
    return [part[1] for part in parts if part[0] == kind]
