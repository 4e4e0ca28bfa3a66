"""Tables of the kernel: actors and epochs, the scope of each record, the locator. No health data."""

from __future__ import annotations

from django.db import models

from carnet.kernel.vault.models import Blob, DataKey, Passing  # noqa: F401  (Django looks for models here)


class KernelActor(models.Model):
    """Whoever can act. `epoch` rises with every act that changes what the actor may do; a remembered token or
    grant of an older epoch is refused by the database."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=40, unique=True, null=True)
    name = models.CharField(max_length=200)
    epoch = models.BigIntegerField(default=1)
    active = models.BooleanField(default=True)

    class Meta:
        db_table = "kernel_actor"


class KernelEpoch(models.Model):
    """Named counters: `rules` rises when the access matrix or other reference data changes."""

    name = models.CharField(max_length=20, primary_key=True)
    value = models.BigIntegerField(default=1)

    class Meta:
        db_table = "kernel_epoch"


class KernelScope(models.Model):
    """One row per record: its epoch, raised by every act that changes who may see what, and the day on which it is
    erased, when that is settled."""

    record_id = models.UUIDField(primary_key=True)
    epoch = models.BigIntegerField(default=1)
    erase_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "kernel_scope"


class KernelThrottle(models.Model):
    """Failures of somebody (a keyed hash), until when they count. Not logged by the database: a crash forgets them."""

    digest = models.BinaryField(max_length=32, primary_key=True)
    count = models.IntegerField()
    until = models.DateTimeField()

    class Meta:
        db_table = "kernel_throttle"


class KernelLocator(models.Model):
    """From the keyed hash of an identifier (an INS, a uniqueId) to the records that bear it."""

    pk = models.CompositePrimaryKey("digest", "record_id")
    digest = models.BinaryField(max_length=32)
    record_id = models.UUIDField()
    kind = models.CharField(max_length=10)

    class Meta:
        db_table = "kernel_locator"
        constraints = (
            models.UniqueConstraint(
                fields=["digest"],
                condition=models.Q(kind="ins"),
                name="kernel_locator_one_record_per_ins",
                violation_error_message="Un carnet existe déjà pour cette identité.",
            ),
        )
