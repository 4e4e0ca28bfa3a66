"""Acts that change who may see what. Each ends every remembered grant of the record."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connections, transaction

from carnet.consent.access import Refused, permit_to_act
from carnet.consent.models import Attending, Authorisation, Block, MatrixRow
from carnet.consent.rules import As, Reason, Refusal
from carnet.formats.terminology.matrix import Matrix
from carnet.kernel import audit, clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER, Permit, Trace, open_record, raise_epoch, steward
from carnet.kernel.db.constraints import violations
from carnet.kernel.ids import uuid7


def authorise(
    actor: Actor,
    purpose: Purpose,
    *,
    record_id: UUID,
    professional_id: UUID,
    since: datetime | None = None,
    until: datetime | None = None,
    express: bool = False,
) -> UUID:
    """The holder opens the record to a professional, with or without an end."""
    authorisation_id = uuid7()
    permit = _holders(actor, purpose, record_id, "authorise")
    trace = Trace("authorise", "professional", professional_id)
    with violations(), open_record(permit, trace=trace, using=WRITER) as cursor:
        Authorisation.objects.using(WRITER).create(
            record_id=record_id,
            id=authorisation_id,
            professional_id=professional_id,
            express=express,
            since=since or clock.now(),
            until=until,
        )
        raise_epoch(cursor, record_id)
    return authorisation_id


def withdraw(actor: Actor, purpose: Purpose, *, record_id: UUID, professional_id: UUID) -> None:
    """Ends every authorisation of a professional, now."""
    permit = _holders(actor, purpose, record_id, "withdraw")
    trace = Trace("withdraw", "professional", professional_id)
    with open_record(permit, trace=trace, using=WRITER) as cursor:
        cursor.execute(
            "update record.consent_authorisation set until = greatest(since, now())"
            " where record_id = %s and professional_id = %s and (until is null or until > now())",
            (record_id, professional_id),
        )
        raise_epoch(cursor, record_id)


def block(
    actor: Actor, purpose: Purpose, *, record_id: UUID, professional_id: UUID, since: datetime | None = None
) -> None:
    """Reading stops, deposit goes on."""
    permit = _holders(actor, purpose, record_id, "block")
    with open_record(permit, trace=Trace("block", "professional", professional_id), using=WRITER) as cursor:
        Block.objects.using(WRITER).create(
            record_id=record_id, id=uuid7(), professional_id=professional_id, since=since or clock.now()
        )
        raise_epoch(cursor, record_id)


def set_attending(actor: Actor, *, record_id: UUID, professional_id: UUID, since: datetime | None = None) -> None:
    """The médecin traitant as the insurance's feed tells; the former one's right ends in the same act."""
    at = since or clock.now()
    trace = Trace("attending", "professional", professional_id)
    with violations(), steward(actor, record_id, trace=trace) as cursor:
        cursor.execute(
            "update record.consent_attending set until = greatest(since, %s)"
            " where record_id = %s and (until is null or until > %s)",
            (at, record_id, at),
        )
        Attending.objects.using(WRITER).create(
            record_id=record_id, id=uuid7(), professional_id=professional_id, since=at
        )
        raise_epoch(cursor, record_id)


def load_matrix(matrix: Matrix, *, using: str = WRITER) -> bool:
    """Brings a version of the access matrix into force from its date; every remembered grant ends. False when the
    version is here already. A line that holds inside a care team only gives nothing while there are no care teams."""
    if MatrixRow.objects.using(using).filter(version=matrix.version).exists():
        return False
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        MatrixRow.objects.using(using).bulk_create(
            MatrixRow(
                version=matrix.version,
                profession_system=line.system,
                profession_code=line.code,
                types=line.reads,
                effective=matrix.effective,
                source=matrix.source,
            )
            for line in matrix.lines.values()
            if line.enabled and not line.care_team_only
        )
        cursor.execute("update app.kernel_epoch set value = value + 1 where name = 'rules'")
    return True


def _holders(actor: Actor, purpose: Purpose, record_id: UUID, action: str) -> Permit:
    """Only the holder, or who represents them, changes who may see."""
    permit = permit_to_act(actor, purpose, record_id, action=action)
    if permit.capacity not in {As.HOLDER, As.REPRESENTATIVE}:
        audit.refused(actor, purpose, record_id=record_id, action=action, reason=Reason.NOT_YOURS.value)
        raise Refused(Refusal(Reason.NOT_YOURS), actor)
    return permit
