"""The record: whose it is (INS and traits), and where its life stands. Kept under the second lock."""

from __future__ import annotations

from django.db import models


class State(models.TextChoices):
    UNOPENED = "unopened", "jamais activé"
    ACTIVE = "active", "ouvert"
    OPPOSED = "opposed", "refusé"
    CLOSED = "closed", "fermé"


class IdentityStatus(models.TextChoices):
    """RNIV, code system fr-core-cs-identity-status."""

    PROV = "PROV", "provisoire"
    RECUP = "RECUP", "récupérée"
    VALI = "VALI", "validée"
    QUAL = "QUAL", "qualifiée"


class Record(models.Model):
    """`id` is the record id that every table of health content carries; `birth_date` may be partial ("1979-03")."""

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
