"""The record: whose it is (INS and traits), where its life stands, and what was asked about it. Kept under the second
lock."""

from __future__ import annotations

from django.db import models


class State(models.TextChoices):
    INFORMED = "informed", "annoncé"
    UNOPENED = "unopened", "jamais activé"
    ACTIVE = "active", "ouvert"
    OPPOSED = "opposed", "refusé"
    CLOSED = "closed", "fermé"
    SUSPENDED = "suspended", "suspendu"
    DECEASED = "deceased", "fermé après un décès"
    JOINED = "joined", "réuni à un autre"


class IdentityStatus(models.TextChoices):
    """RNIV, code system fr-core-cs-identity-status."""

    PROV = "PROV", "provisoire"
    RECUP = "RECUP", "récupérée"
    VALI = "VALI", "validée"
    QUAL = "QUAL", "qualifiée"


class Record(models.Model):
    """`id` is the record id that every table of health content carries; `birth_date` may be partial ("1979-03").
    `welcome_step`: how many screens of its activation the holder has been through."""

    id = models.UUIDField(primary_key=True)
    ins_oid = models.CharField(max_length=32)
    ins = models.CharField(max_length=15)
    identity_status = models.CharField(max_length=5, choices=IdentityStatus.choices)
    birth_family = models.CharField(max_length=100)
    birth_given = models.CharField(max_length=100)
    birth_givens = models.CharField(max_length=200, blank=True)
    used_family = models.CharField(max_length=100, blank=True)
    used_given = models.CharField(max_length=100, blank=True)
    sex = models.CharField(max_length=1)
    birth_date = models.CharField(max_length=10)
    birth_place = models.CharField(max_length=5, blank=True)
    state = models.CharField(max_length=10, choices=State.choices)
    state_since = models.DateTimeField()
    state_reason = models.CharField(max_length=200, blank=True)
    former_state = models.CharField(max_length=10, blank=True, db_default="", default="")
    told_at = models.DateTimeField(null=True)
    opens_at = models.DateTimeField(null=True)
    erasing_asked = models.BooleanField(default=False, db_default=False)
    died_on = models.DateField(null=True)
    welcome_step = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "records_record"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=State.values),
                name="records_record_state_known",
                violation_error_message="L'état du carnet n'est pas reconnu.",
            ),
            models.CheckConstraint(
                condition=models.Q(sex__in=["F", "M", "U"]),
                name="records_record_sex_known",
                violation_error_message="Le sexe est F, M ou U (inconnu).",
            ),
            models.CheckConstraint(
                condition=models.Q(birth_date__regex=r"^\d{4}(-\d{2}(-\d{2})?)?$"),
                name="records_record_birth_date_shape",
                violation_error_message="Écrivez la date de naissance comme ceci : 1981-03-12.",
            ),
            models.CheckConstraint(
                condition=models.Q(ins__regex=r"^[0-9]{5}([0-9]{2}|2[AB])[0-9]{8}$"),
                name="records_record_ins_shape",
                violation_error_message="Le matricule INS a 15 caractères, clé comprise.",
            ),
        )


class Letter(models.Model):
    """What the person was sent before the opening: the code by which one objects without an account, as a keyed hash;
    how often a wrong one was tried, and when last."""

    record_id = models.UUIDField(primary_key=True)
    code = models.BinaryField(max_length=32)
    tries = models.IntegerField(default=0)
    tried_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "records_letter"


class FormerNumber(models.Model):
    """Under which the holder was known until then; the locator leads from it to the record still."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    ins_oid = models.CharField(max_length=32)
    ins = models.CharField(max_length=15)
    until = models.DateTimeField()

    class Meta:
        db_table = "records_former_number"


class EntryCode(models.Model):
    """By which somebody who was at a counter comes into their own record once: a keyed hash, who handed it out, until
    when it is good; how often a wrong one was tried, and when last; when somebody last came in by one. The latest is
    the only one."""

    record_id = models.UUIDField(primary_key=True)
    code = models.BinaryField(max_length=32)
    given_by = models.UUIDField()
    given_at = models.DateTimeField()
    until = models.DateTimeField()
    tries = models.IntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "records_entry_code"


class Deed(models.Model):
    """An act on a record's life as its receipt says it: what, when, by which way, on which ground (fixed words)."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    act = models.CharField(max_length=20)
    at = models.DateTimeField()
    channel = models.CharField(max_length=10)
    ground = models.CharField(max_length=20, blank=True)
    claimant = models.CharField(max_length=20, blank=True)
    reference = models.CharField(max_length=12)

    class Meta:
        db_table = "records_deed"


class OptOut(models.Model):
    """One single thing that the holder does not want, since when, until when."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    what = models.CharField(max_length=12)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "records_opt_out"
