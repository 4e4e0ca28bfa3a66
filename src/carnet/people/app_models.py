"""Apps that professionals use with their patients (SMART App Launch): what was granted, and all that hangs on it.

The patient of a grant or of a launch is sealed: the tables alone do not tell who treats whom."""

from __future__ import annotations

from django.db import models

from carnet.kernel.models import KernelActor


class AppGrant(models.Model):
    """What a professional granted an app in one go. Its code, its tokens and its refresh tokens are one family: they
    hang on it and end with it. `context` is the patient, sealed, if it is for one; `session` the hash of the browser's
    session with which it ends, None for one that outlives it (`offline_access`). `refreshes`: it may be renewed."""

    id = models.UUIDField(primary_key=True)
    client = models.ForeignKey("people.Client", models.PROTECT, related_name="+")
    actor = models.ForeignKey(KernelActor, models.PROTECT, related_name="+")
    organisation_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=15)
    regulates = models.BooleanField()
    scope = models.TextField()
    context = models.BinaryField(null=True)
    session = models.BinaryField(max_length=32, null=True)
    refreshes = models.BooleanField()
    assurance = models.CharField(max_length=8, blank=True)
    proven_at = models.DateTimeField()
    created_at = models.DateTimeField()
    used_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_app_grant"
        indexes = (
            models.Index(fields=["session"], name="people_app_grant_of_session"),
            models.Index(fields=["actor", "client"], name="people_app_grant_of_actor"),
        )


class AppCode(models.Model):
    """An authorisation code by its hash, with what whoever changes it must bring."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    grant = models.ForeignKey(AppGrant, models.CASCADE, related_name="+")
    redirect_uri = models.TextField()
    challenge = models.CharField(max_length=43)
    nonce = models.CharField(max_length=200, blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_app_code"


class RefreshToken(models.Model):
    """One of a family, by its hash: used once. `bound` as of a token."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    grant = models.ForeignKey(AppGrant, models.CASCADE, related_name="+")
    bound = models.CharField(max_length=80, blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_refresh_token"


class AppConsent(models.Model):
    """A professional has let an app do that; it is not asked again for as much or less, until they withdraw it."""

    id = models.UUIDField(primary_key=True)
    actor = models.ForeignKey(KernelActor, models.PROTECT, related_name="+")
    client = models.ForeignKey("people.Client", models.PROTECT, related_name="+")
    scope = models.TextField()
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_app_consent"
        constraints = (
            models.UniqueConstraint(
                fields=["actor", "client"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="people_app_consent_once",
                violation_error_message="Cette application a déjà votre accord.",
            ),
        )


class Launch(models.Model):
    """What a professional's software asked for with the patient already chosen: the handle of a launch of `app`
    (`kind` "launch"), or a link into the portal ("link"). By its hash, used once. `proof` is what the exchanged token
    of their provider said; without one a link opens no session."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    kind = models.CharField(max_length=6)
    asker = models.ForeignKey("people.Client", models.PROTECT, related_name="+")
    app = models.ForeignKey("people.Client", models.PROTECT, null=True, related_name="+")
    actor = models.ForeignKey(KernelActor, models.PROTECT, related_name="+")
    organisation_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=15)
    regulates = models.BooleanField()
    context = models.BinaryField()
    proof = models.JSONField(null=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_launch"


class IdKey(models.Model):
    """A key that signs ID tokens, its private half sealed: published before it signs (`since`) and for as long as what
    it signed may be looked at (`until`)."""

    kid = models.CharField(primary_key=True, max_length=60)
    sealed = models.BinaryField()
    public = models.JSONField()
    since = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        db_table = "people_id_key"
