"""Software at work: to what it subscribed, what it is to be told, where, and how its calls went."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from carnet.apps.rules import State, Topic


class Subscription(models.Model):
    """To the changes of one record, by software (`client_id`) for the professional `actor_id`, or for itself. It stands
    in the record, for it says who follows whom. `grant_id`: what the professional granted an app, with which it ends.
    `sent` is the number of the last event that arrived; `failures` those in a row, the last one's reason being `fault`;
    nothing is tried before `retry_at`. `told_at`: when anything was last taken by the receiver."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    actor_id = models.UUIDField()
    client_id = models.UUIDField()
    organisation_id = models.UUIDField(null=True)
    grant_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=20)
    topic = models.CharField(max_length=12)
    endpoint = models.TextField()
    content = models.CharField(max_length=8)
    reason = models.CharField(max_length=200, blank=True)
    heartbeat = models.IntegerField(default=0)
    most = models.IntegerField(default=20)
    state = models.CharField(max_length=10)
    fault = models.CharField(max_length=20, blank=True)
    version = models.IntegerField(default=1)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    until = models.DateTimeField()
    sent = models.BigIntegerField(default=0)
    failures = models.IntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "apps_subscription"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in State]),
                name="apps_subscription_state_known",
                violation_error_message="Cet état d'abonnement n'est pas reconnu.",
            ),
            models.CheckConstraint(
                condition=models.Q(topic__in=[topic.value for topic in Topic]),
                name="apps_subscription_topic_known",
                violation_error_message="Ce sujet d'abonnement n'est pas reconnu.",
            ),
        )
        indexes = (models.Index(fields=["actor_id", "client_id", "-id"], name="apps_subscription_own"),)


class Event(models.Model):
    """A change that one subscription may have to be told, written by the change itself: the document as it was before
    it, as the second lock reads it (`was_handed`: whether it had been put into this reader's hands, null when into
    nobody's), and as which it is told once it has been (`told`, `number`); "" in `told` for what was not to be told.
    `tried` counts the attempts."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    subscription_id = models.UUIDField()
    at = models.DateTimeField()
    topic = models.CharField(max_length=12)
    item_id = models.UUIDField()
    made = models.BooleanField()
    status = models.CharField(max_length=10)
    was_status = models.CharField(max_length=10, blank=True)
    was_type = models.SmallIntegerField(null=True)
    was_labels = models.IntegerField(default=0)
    was_standing = models.SmallIntegerField(default=0)
    was_handed = models.BooleanField(null=True)
    depositor_id = models.UUIDField()
    author_id = models.UUIDField(null=True)
    tried = models.IntegerField(default=0, db_default=0)
    done_at = models.DateTimeField(null=True)
    number = models.BigIntegerField(null=True)
    told = models.CharField(max_length=6, blank=True, default="", db_default="")

    class Meta:
        db_table = "apps_event"
        indexes = (
            models.Index(
                fields=["record_id", "subscription_id", "at"],
                condition=models.Q(done_at__isnull=True),
                name="apps_event_waiting",
            ),
            models.Index(
                fields=["record_id", "subscription_id", "number"],
                condition=models.Q(number__isnull=False),
                name="apps_event_told",
            ),
        )


class Receiver(models.Model):
    """Where software lets itself be told: an address that its publisher registered, or anything below it."""

    id = models.UUIDField(primary_key=True)
    client_id = models.UUIDField()
    address = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "apps_receiver"
        constraints = (
            models.UniqueConstraint(
                fields=["client_id", "address"],
                name="apps_receiver_once",
                violation_error_message="Ce logiciel a déjà cette adresse.",
            ),
        )


class Interaction(models.Model):
    """How often software did an interaction right or wrong in a sandbox, and the last fault: codes of the public
    catalogue and where they lay, nothing of what was sent."""

    pk = models.CompositePrimaryKey("client_id", "interaction")
    client_id = models.UUIDField()
    interaction = models.CharField(max_length=30)
    right = models.IntegerField(default=0)
    right_at = models.DateTimeField(null=True)
    wrong = models.IntegerField(default=0)
    wrong_at = models.DateTimeField(null=True)
    codes = ArrayField(models.CharField(max_length=60), default=list)
    places = ArrayField(models.CharField(max_length=200), default=list)
    status = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "apps_interaction"
