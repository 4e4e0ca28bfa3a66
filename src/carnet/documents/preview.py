"""The documents with somebody else's eyes: by the same decision and the same row policies, for the holder alone, and
never more than the holder may see: what is withheld from them is neither shown nor counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson
from django.db.backends.utils import CursorWrapper

from carnet.consent import seeing, seers
from carnet.consent.access import reading
from carnet.consent.actions import kept_secret
from carnet.consent.facts import INVISIBLE_REPRESENTANTS_LEGAUX, MASQUE_PS, As, Decision, Grant, Refusal
from carnet.consent.holders import for_holders
from carnet.consent.seeing import Reader, Sight
from carnet.consent.seers import Seer
from carnet.documents.mask_models import MaskKind
from carnet.documents.masking import Rule
from carnet.documents.queries import DocumentLine, plain
from carnet.kernel import audit
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Permit, Trace, note, open_record, rows, statements

_SQL = statements("carnet.documents", "preview.sql")
_CURRENT = "current"


class Why(StrEnum):
    """Why a document is not shown to a reader: they may read nothing here; it is masked; kept from representatives; not
    for their profession; in the hands of others."""

    NOTHING = "nothing"
    MASKED = "masked"
    SECRET = "secret"  # noqa: S105  (no password)
    PROFESSION = "profession"
    IN_HANDS = "in-hands"


@dataclass(frozen=True, slots=True)
class Withheld:
    line: DocumentLine
    why: Why


@dataclass(frozen=True, slots=True)
class Preview:
    """`shown`: what the reader's list would hold, newest first; one that was replaced by what the reader may not see
    is told as the holder knows it. `withheld`: the holder's current documents that are not in it, `older`: those that
    were replaced. `also`: what else was asked for and is in the reader's sight."""

    decision: Decision
    shown: tuple[DocumentLine, ...]
    withheld: tuple[Withheld, ...]
    also: frozenset[UUID] = frozenset()
    older: tuple[Withheld, ...] = ()

    @property
    def seen(self) -> int:
        """How many of the holder's current documents."""
        return sum(line.status == _CURRENT for line in self.shown)

    @property
    def total(self) -> int:
        return self.seen + len(self.withheld)

    @property
    def is_carers(self) -> bool:
        return isinstance(self.decision, Grant) and self.decision.capacity is As.CARER

    def count(self, why: Why) -> int:
        return sum(each.why is why for each in self.withheld)


@dataclass(frozen=True, slots=True)
class Look:
    """`seers`: who may read in the record now. `hidden`: how many of the holder's current documents are masked,
    `secret`: how many are kept from representatives. `document`: the one that was asked about; `groups`: the
    organisations and teams that see it."""

    seers: tuple[Seer, ...]
    previews: Mapping[Reader, Preview]
    hidden: int
    secret: int
    document: DocumentLine | None = None
    groups: frozenset[UUID] = frozenset()


Whom = Callable[[Sequence[Seer]], Iterable[Reader]]
Also = Callable[[CursorWrapper], frozenset[UUID]]


@dataclass(frozen=True, slots=True)
class _About:
    document_id: UUID | None = None
    rule: Rule | None = None
    also: Also | None = None


def look(
    actor: Actor,
    purpose: Purpose,
    record_id: UUID,
    whom: Whom,
    *,
    document_id: UUID | None = None,
    rule: Rule | None = None,
    action: str = "preview",
) -> Look | None:
    """With the eyes of each of `whom`, who may be chosen among those that have access now; unknown ones are left out.
    The document, or what the rule covers, is what a reader is supposed not to see who is asked about `masking`.
    Raises `Refused` for whoever is not the holder, nor represents them. None for a document that is unknown or hidden.
    """

    def read(permit: Permit) -> Look | None:
        return _look(permit, whom, _About(document_id, rule), action)

    return reading(actor, purpose, record_id, read, action=action)


def preview(
    actor: Actor, purpose: Purpose, record_id: UUID, reader: Reader, also: Also | None = None
) -> Preview | None:
    """With the eyes of one reader; None for an unknown one. `also` finds in the rows of other rooms, where the row
    policies hold for this reader."""

    def read(permit: Permit) -> Look | None:
        return _look(permit, lambda _: [reader], _About(also=also), "preview")

    found = reading(actor, purpose, record_id, read, action="preview")
    return found.previews.get(reader) if found else None


def _look(permit: Permit, whom: Whom, about: _About, action: str) -> Look | None:
    for_holders(permit, action)
    found = _looked(permit, whom, about, action)
    if found is None:
        _refused(permit, action, "not-found", about.document_id)
    return found


def _refused(permit: Permit, action: str, reason: str, document_id: UUID | None) -> None:
    audit.refused(
        permit.actor,
        permit.purpose,
        record_id=permit.record_id,
        action=action,
        reason=reason,
        target_kind="document" if document_id else "record",
        target_id=document_id,
    )


def _looked(permit: Permit, whom: Whom, about: _About, action: str) -> Look | None:
    # The line of the trail is written below, once it is known of whom and of what it tells.
    with open_record(permit, trace=None) as cursor:
        known = _known(cursor, permit)
        document = known.get(about.document_id) if about.document_id else None
        if about.document_id and document is None:
            return None
        covered = _covered(cursor, permit, about)
        seen_by = seers.everybody(cursor, permit.record_id)
        groups = _groups(cursor, permit, document) if document else frozenset()
        sights = {reader: _sight(cursor, permit, reader) for reader in whom(seen_by)}
        found = {reader: sight for reader, sight in sights.items() if sight}
        note(cursor, permit, _quietly(cursor, permit, _trace(action, document, found)))
        previews = {
            reader: _preview(
                cursor, permit, sight, _as_asked(reader, known), about, covered if reader.masking else frozenset()
            )
            for reader, sight in found.items()
        }
    masked, secret = (
        sum(line.status == _CURRENT and bool(_bits(line) & bit) for line in known.values())
        for bit in (MASQUE_PS, _SECRET)
    )
    return Look(seen_by, previews, masked, secret, document, groups)


def _groups(cursor: CursorWrapper, permit: Permit, document: DocumentLine) -> frozenset[UUID]:
    cursor.execute(_SQL["ordinal"], {"record_id": permit.record_id, "id": document.id})
    (row,) = rows(cursor)
    return seers.groups_that_see(cursor, permit.record_id, row["type_ordinal"], _bits(document))


def _sight(cursor: CursorWrapper, permit: Permit, reader: Reader) -> Sight | None:
    return seeing.sight(cursor, permit.record_id, permit.actor, reader)


def _trace(action: str, document: DocumentLine | None, sights: Mapping[Reader, Sight]) -> Trace:
    """Representatives are not told that somebody looks at what they see, nor what was looked at that is kept from
    them."""
    secret = not sights or any(sight.represents for sight in sights.values())
    secret = secret or (document is not None and bool(_bits(document) & _SECRET))
    mark = _SECRET if secret else 0
    if document:
        return Trace(action, "document", document.id, hidden_from=mark)
    named = next((sight.actor_id for sight in sights.values() if sight.actor_id), None) if len(sights) == 1 else None
    return Trace(action, "reader" if named else "record", named, hidden_from=mark)


def _quietly(cursor: CursorWrapper, permit: Permit, trace: Trace) -> Trace:
    """Nor whose eyes a minor takes, when that one is kept secret."""
    kept = kept_secret(cursor, permit, trace.target_id) if trace.target_kind == "reader" and trace.target_id else 0
    return replace(trace, hidden_from=trace.hidden_from | kept)


def _known(cursor: CursorWrapper, permit: Permit) -> dict[UUID, DocumentLine]:
    cursor.execute(_SQL["known"], {"record_id": permit.record_id, "actor_id": permit.actor.id})
    return {row["id"]: DocumentLine(**plain(row)) for row in rows(cursor)}


def _covered(cursor: CursorWrapper, permit: Permit, about: _About) -> frozenset[UUID]:
    if about.rule is None:
        return frozenset({about.document_id}) if about.document_id else frozenset()
    mask = orjson.dumps(asdict(about.rule)).decode()
    cursor.execute(_SQL["covered"], {"record_id": permit.record_id, "mask": mask})
    return frozenset(row["id"] for row in rows(cursor))


def _as_asked(reader: Reader, known: Mapping[UUID, DocumentLine]) -> Mapping[UUID, DocumentLine]:
    """Who is supposed to be blocked holds nothing any more."""
    if not reader.blocked:
        return known
    return {each: line for each, line in known.items() if MaskKind.HANDED not in line.masked_by}


def _preview(
    cursor: CursorWrapper,
    permit: Permit,
    sight: Sight,
    known: Mapping[UUID, DocumentLine],
    about: _About,
    masked: frozenset[UUID],
) -> Preview:
    """`masked`: what is supposed to be."""
    known = {each: _masked(line) if each in masked else line for each, line in known.items()}
    decision, ids, also = sight.decision, set[UUID](), frozenset[UUID]()
    if isinstance(sight.as_author, Grant):
        grant = decision if isinstance(decision, Grant) else sight.as_author
        ids = _seen(cursor, permit, sight.actor_id, grant, known)
        # Of an author, what else is their own is not told: the holder may not know of it.
        also = about.also(cursor) if about.also and isinstance(decision, Grant) else also
        if masked and grant.hidden & MASQUE_PS:
            # One's own documents stay in sight.
            ids -= masked - _seen(cursor, permit, sight.actor_id, Grant(As.AUTHOR), known)
        if isinstance(decision, Refusal) and all(MaskKind.HANDED in known[each].masked_by for each in ids):
            # What was put into their hands makes nobody an author.
            ids = set()
        # Of an author of nothing that the holder may know, the holder learns what holds without it.
        decision = grant if ids else decision
    withheld = [Withheld(line, _why(line, decision)) for line in known.values() if line.id not in ids]
    return Preview(
        decision,
        tuple(line for line in known.values() if line.id in ids),
        tuple(each for each in withheld if each.line.status == _CURRENT),
        also,
        tuple(each for each in withheld if each.line.status != _CURRENT),
    )


def _masked(line: DocumentLine) -> DocumentLine:
    return replace(line, labels=line.labels | {"MASQUE_PS"})


def _seen(
    cursor: CursorWrapper, permit: Permit, actor_id: UUID | None, grant: Grant, known: Mapping[UUID, DocumentLine]
) -> set[UUID]:
    settings: dict[str, Any] = {
        "actor": str(actor_id or ""),
        "types": _both(permit.types, grant.types),
        "hidden": str(permit.hidden | grant.hidden),
        "trail": "yes" if grant.trail else "no",
    }
    cursor.execute(_SQL["look_as"], settings)
    cursor.execute(_SQL["seen"], {"record_id": permit.record_id, "known": list(known)})
    return {row["id"] for row in rows(cursor)}


def _both(first: str, second: str) -> str:
    return "".join("1" if one == other == "1" else "0" for one, other in zip(first, second, strict=True))


_SECRET = INVISIBLE_REPRESENTANTS_LEGAUX
_BITS = {"MASQUE_PS": MASQUE_PS, "INVISIBLE_REPRESENTANTS_LEGAUX": _SECRET}


def _bits(line: DocumentLine) -> int:
    return sum(bit for code, bit in _BITS.items() if code in line.labels)


def _why(line: DocumentLine, decision: Decision) -> Why:
    if MaskKind.HANDED in line.masked_by:
        return Why.IN_HANDS
    if isinstance(decision, Refusal) or decision.capacity in {As.AUTHOR, As.RECIPIENT}:
        return Why.NOTHING
    hidden = decision.hidden & _bits(line)
    if hidden & _SECRET:
        return Why.SECRET
    return Why.MASKED if hidden else Why.PROFESSION
