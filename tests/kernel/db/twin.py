"""The row policies, stated a second time: which row of which table a reader's settings show. Read beside
`carnet.kernel.db.policies`, with which it shares no line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

Row = dict[str, Any]


@dataclass(frozen=True)
class Sight:
    """What entering a record sets; None where nothing was set."""

    record: UUID | None = None
    actor: UUID | None = None
    types: str | None = None
    hidden: int | None = None
    trail: bool = False
    withdraws: bool = False
    discreet: dict[UUID, datetime] | None = None
    told: dict[UUID, datetime] | None = None
    visits: dict[UUID, tuple[datetime, datetime]] | None = None
    reviews: bool = False
    invitation: bytes | None = None


Rule = Callable[[Row, Sight], bool]


def in_the_record(row: Row, s: Sight) -> bool:
    return s.record is not None and row["record_id" if "record_id" in row else "id"] == s.record


def mine(row: Row, s: Sight, *columns: str) -> bool:
    return s.actor is not None and s.actor in {row[column] for column in columns}


def unhidden(bits: int, s: Sight) -> bool:
    return s.hidden is not None and not {bit for bit in range(32) if bits >> bit & 1} & {
        bit for bit in range(32) if s.hidden >> bit & 1
    }


def document(row: Row, s: Sight) -> bool:
    if not in_the_record(row, s) or (row["status"] == "withdrawn" and not s.withdraws):
        return False
    of_type = s.types is not None and s.types[row["type_ordinal"]] == "1"
    # A standing mask hides as the label that masks one by one.
    granted = of_type and unhidden(row["labels"] | bool(row["standing"]), s)
    readers = row.get("readers")
    if readers is not None:
        # In somebody's hands: these see it until then, and else only who reads the trail or withdraws.
        holds = row["readers_until"] is None or row["readers_until"] > datetime.now(UTC)
        if holds and s.actor in readers:
            return True
        granted = granted and (s.trail or s.withdraws)
    return granted or mine(row, s, "depositor_id", "author_id")


def document_list(row: Row, s: Sight) -> bool:
    shared = s.types is not None and any(a == b == "1" for a, b in zip(s.types, row["types"], strict=True))
    seen = shared and unhidden(row["labels"], s)
    return in_the_record(row, s) and (seen or s.withdraws or mine(row, s, "depositor_id"))


def of_the_holder(row: Row, s: Sight) -> bool:
    return in_the_record(row, s) and s.trail


def of_the_holder_unless(row: Row, s: Sight) -> bool:
    return of_the_holder(row, s) and unhidden(row["hidden_from"], s)


def rule(row: Row, s: Sight) -> bool:
    """What masks: the holder's to read, and what an act looks at once it has been decided."""
    return in_the_record(row, s) and (s.withdraws or of_the_holder_unless(row, s))


def right(row: Row, s: Sight) -> bool:
    """Whoever decides sees every right; whoever has entered sees those that are not kept from them."""
    return in_the_record(row, s) and (s.hidden is None or unhidden(row["hidden_from"], s))


def case(row: Row, s: Sight) -> bool:
    """The record's own, and all of them for the support."""
    return s.reviews or right(row, s)


def line(row: Row, s: Sight) -> bool:
    told = of_the_holder_unless(row, s)
    about = (row["target_id"],) if row["purpose"] == "self" else ()
    for who in (row["actor_id"], *about):
        since = (s.discreet or {}).get(who)
        before = (s.told or {}).get(who)
        told = told and (since is None or row["at"] >= since or (before is not None and row["at"] <= before))
    begun, over = (s.visits or {}).get(row["actor_id"], (None, None))
    quiet = row["outcome"] == "refused" or row["action"] in _QUIET
    return told and not (begun and over and begun <= row["at"] < over and quiet)


_QUIET = {"document-read", "documents-list"}


def invitation(row: Row, s: Sight) -> bool:
    """Among the record's own people, and to whoever brings its code."""
    return of_the_holder(row, s) or brought(row, s)


def brought(row: Row, s: Sight) -> bool:
    return s.invitation is not None and s.invitation == row["digest"]


def request(row: Row, s: Sight) -> bool:
    """Among the record's own people, to whoever it is about, and to the support."""
    return of_the_holder(row, s) or mine(row, s, "person_id") or s.reviews


def linked(column: str) -> Rule:
    return lambda row, s: in_the_record(row, s) or mine(row, s, column)


def of_the_maker(row: Row, s: Sight) -> bool:
    return in_the_record(row, s) and mine(row, s, "added_by")


# Every table under the second lock that is not shown as `in_the_record` alone.
RULES: dict[str, Rule] = {
    "record.documents_document": document,
    "record.documents_version": document,
    "record.documents_text": document,
    "record.health_statement": document,
    "record.health_reading": document,
    "record.health_own_word": document,
    "record.health_fact_report": document,
    "record.health_arrangement": of_the_holder,
    "record.documents_list": document_list,
    "record.documents_list_version": document_list,
    "record.documents_folder": of_the_holder,
    "record.documents_shelf": of_the_holder,
    "record.documents_report": of_the_holder,
    "record.documents_update_notice": of_the_holder_unless,
    "record.documents_picture": of_the_maker,
    "record.documents_mask": rule,
    "record.consent_authorisation": right,
    "record.consent_block": right,
    "record.consent_emergency": right,
    "record.consent_share": right,
    "record.consent_review": case,
    "record.consent_dispute_words": of_the_holder_unless,
    "record.consent_alert": linked("recipient_id"),
    "record.apps_subscription": linked("actor_id"),
    "record.people_representation": linked("representative_id"),
    "record.people_care_link": linked("carer_id"),
    "record.people_care_invitation": invitation,
    "record.people_parent_case": request,
    "trail.line": line,
}
# What the writer may add or change is their own in the same way.
KEPT: dict[str, Rule] = {
    name: RULES[name]
    for name in (
        "record.documents_folder",
        "record.documents_shelf",
        "record.health_arrangement",
        "record.documents_report",
        "record.documents_update_notice",
        "record.documents_picture",
        "record.consent_dispute_words",
    )
}


def shown(table: str) -> Rule:
    return RULES.get(table, in_the_record)


def kept(table: str) -> Rule:
    """What a row must be to be written."""
    if table in {"record.consent_review", "record.people_parent_case"}:
        return lambda row, s: s.reviews or in_the_record(row, s)
    if table == "record.people_care_invitation":
        return lambda row, s: in_the_record(row, s) and invitation(row, s)
    return KEPT.get(table, in_the_record)
