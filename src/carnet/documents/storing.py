"""Writing a submission: its rows are made under the record's lock, and stored in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

import orjson
from django.db.backends.utils import CursorWrapper

from carnet.documents import announcing, changing, extracting, hands, listing, pictures, texts
from carnet.documents import row as rows_of
from carnet.documents.again import as_before
from carnet.documents.announcing import Instants
from carnet.documents.authors import author_of
from carnet.documents.changing import Overtaken
from carnet.documents.models import Secrecy
from carnet.documents.planning import SECRET, WITHHELD, Around, Hidden, Plan, check, hidden
from carnet.documents.row import Row
from carnet.documents.rules import DepositRefused, Fault, refuse
from carnet.documents.submission import Deposited, Submission, Submitted
from carnet.documents.ties import SUSPICION
from carnet.formats.terminology import document_types, labels
from carnet.kernel import clock, happened, vault
from carnet.kernel.db import WRITER, Permit, Trace, command, note, open_record, raise_epoch, rows, statements
from carnet.kernel.happened import Happened
from carnet.kernel.ids import fhir_id
from carnet.kernel.vault import StoredBlob
from carnet.records.opting import opted_out
from carnet.records.rules import OptOut

_SQL = statements("carnet.documents")


class CameBefore(Exception):
    """The same submission was stored a moment ago."""


class Rehearsed(Exception):
    """What would have come of a submission, of which nothing stays."""

    def __init__(self, submitted: Submitted) -> None:
        self.submitted = submitted
        super().__init__()


def store(
    permit: Permit,
    submission: Submission,
    fresh: Sequence[Plan],
    blobs: Sequence[StoredBlob],
    beside: Sequence[StoredBlob],
    *,
    before: Mapping[str, UUID],
    rehearsed: bool = False,
) -> Submitted:
    """`blobs` are the contents of `fresh`, `beside` the pictures of which they were made, in their order; `before` are
    documents of the submission that are here already, by full URL. `rehearsed`: raises `Rehearsed` in the end."""
    now = submission.at or clock.now()
    authors = [author_of(plan.new.entry.authors) for plan in fresh]
    with open_record(permit, trace=None, using=WRITER) as cursor:
        around = _around(cursor, permit, submission, fresh, now)
        if around.own:
            raise CameBefore
        if around.set_taken:
            again = None if fresh else as_before(cursor, permit, submission, before.values())
            if again is None:
                raise DepositRefused(Fault.SET_USED)
            return again
        refuse(_unwanted(cursor, permit, fresh))
        represented = around.represented(now)
        given = hidden(fresh, around, represented=represented, quiet=permit.quiet)
        with _withheld(given):
            check(fresh, around, submission.superseded)
            waiting = _waiting(cursor, permit, fresh, given, around, now)
        made = [rows_of.of(permit, around, *each, now) for each in zip(fresh, given, waiting, blobs, strict=True)]
        ids = {**before, **{row.plan.new.full_url: row.id for row in made}}
        lists = listing.rows_of(cursor, permit, submission, made, ids, now)
        columns = [rows_of.columns(permit, row, author, now) for row, author in zip(made, authors, strict=True)]
        stored = {
            "blobs": [vault.row_of(blob) for blob in (*blobs, *beside)],
            "documents": columns,
            "texts": [texts.unread(each) for each in columns],
            "late": [{"id": row.late, "replaces_id": row.id} for row in made if row.late],
            "links": [link for row in made for link in rows_of.links(permit, row, now, represented=represented)],
            "lists": lists.columns,
            "items": lists.items,
            "folders": lists.changes,
            "listed": lists.documents,
            "authors": [permit.actor.id, *filter(None, authors)],
            "locators": [
                each for row, author in zip(made, authors, strict=True) for each in rows_of.located(permit, row, author)
            ],
            "trace": [{"action": "document-deposit", "id": row.id, "labels": row.hidden.bits} for row in made],
        }
        cursor.execute(command(_SQL["store"]), (*permit.row(), orjson.dumps(stored).decode()))
        pictures.keep(cursor, permit, [(row.id, row.plan.new.pictures) for row in made], beside)
        if submission.folders:
            note(cursor, permit, Trace("folders-changed", "documents", hidden_from=lists.hidden_from))
        hands.give(cursor, permit, [(row.id, row.plan.new.handed) for row in made], now)
        _overtake(cursor, permit, made, now)
        for row in made:
            if row.late:
                changing.inherit(cursor, permit, row.late, row.hidden.bits, now)
        _keep_secret(cursor, permit, made, around, now, represented=represented)
        done = Submitted(tuple(_done(permit, row) for row in made), lists.submission_set, lists.folders)
        if rehearsed:
            raise Rehearsed(done)
        if any(row.hidden.bits & WITHHELD for row in made):
            # Of whom the holder and the representatives are told may be another thing now.
            raise_epoch(cursor, permit.record_id)
        if submission.at is None:
            _foresee(permit, made)
            _tell(permit, made)
        extracting.ask(permit.record_id)
    return done


def _waiting(
    cursor: CursorWrapper,
    permit: Permit,
    planned: Sequence[Plan],
    given: Sequence[Hidden],
    around: Around,
    now: datetime,
) -> list[Instants | None]:
    """Until when each is withheld from the patient, if it is. Raises every fault of what cannot be any more: what it
    replaces was announced, or its own correction was seen."""
    waits: list[Instants | None] = []
    faults: list[DepositRefused] = []
    for plan, each in zip(planned, given, strict=True):
        withheld = bool(each.bits & labels.INVISIBLE_PATIENT)
        at = announcing.instants(now) if withheld else None
        for old in around.replaced_by(plan.new) if withheld else ():
            at = announcing.of_replacement(cursor, permit, old, now)
        late = around.waiting.get(plan.unique_id) if withheld else None
        if late and announcing.too_late(cursor, permit, late, now):
            at = None
        if withheld and at is None:
            faults.append(DepositRefused(Fault.ANNOUNCED, position=plan.position))
        waits.append(at)
    refuse(faults)
    return waits


def note_check(permit: Permit, submission: Submission, planned: Sequence[Plan]) -> None:
    """The line of the trail that a submission is only tried."""
    now = clock.now()
    with open_record(permit, trace=None, using=WRITER) as cursor:
        around = _around(cursor, permit, submission, planned, now)
        given = hidden(planned, around, represented=around.represented(now), quiet=permit.quiet)
        note(cursor, permit, Trace("deposit-checked", "documents", hidden_from=_kept_from(given)))


def _unwanted(cursor: CursorWrapper, permit: Permit, planned: Sequence[Plan]) -> list[DepositRefused]:
    """What emergencies feed, where the person objects to it (L1111-17 I). Asked for those types alone."""
    urgent = [plan for plan in planned if plan.kind.code in document_types.urgent()]
    if not urgent or OptOut.EMERGENCY_FEED not in opted_out(cursor, permit.record_id):
        return []
    return [DepositRefused(Fault.URGENT_FEED, position=plan.position) for plan in urgent]


def _kept_from(given: Iterable[Hidden]) -> int:
    """The label bits of those from whom one of these documents is withheld."""
    return reduce(or_, (each.bits for each in given), 0) & WITHHELD


@contextmanager
def _withheld(given: Sequence[Hidden]) -> Iterator[None]:
    try:
        yield
    except DepositRefused as refused:
        refused.hidden_from = _kept_from(given)
        raise


def _around(
    cursor: CursorWrapper, permit: Permit, submission: Submission, fresh: Sequence[Plan], now: datetime
) -> Around:
    replaced = [unique_id for plan in fresh for unique_id in plan.new.entry.replaces]
    given = submission.submission_set
    cursor.execute(
        command(_SQL["prepare"]),
        (
            *permit.row(),
            [plan.unique_id for plan in fresh],
            replaced,
            [identifier for plan in fresh for identifier in plan.new.replaces_ids],
            given.unique_id if given else None,
            _bytes(digest for plan in fresh for digest in plan.ties),
            _bytes(digest for plan in fresh for digest in plan.suspicions),
            now - SUSPICION,
        ),
    )
    found = rows(cursor)[0]["found"]
    around = Around.of(orjson.loads(found) if isinstance(found, str) else found)
    return _led_on(cursor, permit, around) if around.tied else around


def _led_on(cursor: CursorWrapper, permit: Permit, around: Around) -> Around:
    """With what the names of the new documents lead to through open ones."""
    names = {digest for digest, _ in around.tied}
    cursor.execute(_SQL["reached"], {"record_id": permit.record_id, "digests": _bytes(sorted(names))})
    found = rows(cursor)
    return replace(
        around,
        reached=frozenset((row["digest"], row["other"]) for row in found),
        beyond=frozenset(row["other"] for row in found if row["secret"]),
    )


def _bytes(digests: Iterable[str]) -> list[bytes]:
    return [bytes.fromhex(digest) for digest in digests]


def _overtake(cursor: CursorWrapper, permit: Permit, made: Sequence[Row], now: datetime) -> None:
    overtaken = [Overtaken(old, row.id, row.hidden.bits | old.labels) for row in made for old in row.replaced]
    if overtaken:
        changing.supersede(cursor, permit, overtaken, now)


def _keep_secret(
    cursor: CursorWrapper, permit: Permit, made: Sequence[Row], around: Around, now: datetime, *, represented: bool
) -> None:
    """Open documents of the same act, which came before the secret, are kept from the representatives from now on.

    Not for what is secret only by what lies beyond an open one: that one was shown on purpose, and stays so."""
    plans = [row.plan for row in made]
    near = hidden(plans, replace(around, beyond=frozenset()), represented=represented, quiet=permit.quiet)
    secrets = {digest for plan, each in zip(plans, near, strict=True) if each.bits & SECRET for digest in plan.ties}
    changing.spread_secret(cursor, permit, {each for digest, each in around.tied if digest in secrets}, now)


def _foresee(permit: Permit, made: Sequence[Row]) -> None:
    for row in made:
        if row.waits:
            announcing.foresee(permit.record_id, row.id, row.waits)


def _tell(permit: Permit, made: Sequence[Row]) -> None:
    """Whoever wants to know of new documents, but those from whom they are withheld."""
    for row in made:
        kind = "correction" if row.replaced else "document"
        happened.tell(Happened(kind, permit.record_id, permit.actor.id, row.hidden.bits & WITHHELD, row.id))


def _done(permit: Permit, row: Row) -> Deposited:
    return Deposited(
        record_id=permit.record_id,
        id=row.id,
        fhir_id=fhir_id(permit.record_id, row.id),
        version=1,
        fhir=row.fhir,
        new=True,
        warnings=row.plan.new.entry.warnings,
        secrecy=row.hidden.secrecy.value if row.hidden.secrecy is not Secrecy.ASKED else "",
    )
