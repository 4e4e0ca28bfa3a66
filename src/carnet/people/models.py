"""Who acts: persons, professionals, organisations, software, operators; and who stands for whom.

Accounts and professional identities live in `app`. A link between a record and a person (representation, care)
tells of somebody's life: it lives in `record`, under the second lock.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from carnet.kernel.models import KernelActor
from carnet.people.rules import Capacity


class Organisation(models.Model):
    """`identifier` is the national structure identifier ("1" + FINESS …, OID 1.2.250.1.71.4.2.2). A service is
    one that is `part_of` another: what is given to the whole is given to its services, and not the reverse."""

    id = models.UUIDField(primary_key=True)
    identifier = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    part_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "people_organisation"


class Person(models.Model):
    """A resident with an account; `record_id` is their own record."""

    actor = models.OneToOneField(KernelActor, models.PROTECT, primary_key=True)
    record_id = models.UUIDField(unique=True, null=True)

    class Meta:
        db_table = "people_person"


class Visit(models.Model):
    """When a person signed in last, and the time before: what came to their record since is new to them."""

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True)
    latest = models.DateTimeField()
    before = models.DateTimeField()

    class Meta:
        db_table = "people_visit"


class SignedIn(models.Model):
    """A browser's session, known here by the hash of its key alone: whose, and since when."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    actor = models.ForeignKey(KernelActor, models.PROTECT)
    since = models.DateTimeField()

    class Meta:
        db_table = "people_signed_in"


class SessionsEnd(models.Model):
    """Sessions of that actor that began before `at` are over."""

    actor = models.OneToOneField(KernelActor, models.PROTECT, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "people_sessions_end"


class RefusedDeposit(models.Model):
    """How often a day a deposit of that software was refused by a rule of the public catalogue of errors. No record, no
    document."""

    pk = models.CompositePrimaryKey("day", "client_id", "code")
    day = models.DateField()
    client_id = models.UUIDField()
    code = models.CharField(max_length=60)
    count = models.IntegerField()

    class Meta:
        db_table = "people_refused_deposit"


class Professional(models.Model):
    actor = models.OneToOneField(KernelActor, models.PROTECT, primary_key=True)
    rpps = models.CharField(max_length=11, unique=True, null=True)
    family = models.CharField(max_length=100)
    given = models.CharField(max_length=100)
    profession_system = models.CharField(max_length=40)
    profession_code = models.CharField(max_length=30)
    speciality = models.CharField(max_length=10, blank=True)
    capacity = models.CharField(max_length=12, default=Capacity.CARE.value)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True)

    class Meta:
        db_table = "people_professional"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(rpps__isnull=True) | models.Q(rpps__regex=r"^\d{11}$"),
                name="people_professional_rpps_shape",
                violation_error_message="Le numéro RPPS a 11 chiffres.",
            ),
            models.CheckConstraint(
                condition=models.Q(capacity__in=[capacity.value for capacity in Capacity]),
                name="people_professional_capacity_known",
                violation_error_message="Cette position professionnelle n'est pas reconnue.",
            ),
        )


class Situation(models.Model):
    """Where else a professional practises, and as what (the directory's « situation d'exercice », a FHIR
    PractitionerRole), from when until when; the main place is the professional's own."""

    id = models.UUIDField(primary_key=True)
    professional = models.ForeignKey(Professional, models.PROTECT)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    role = models.CharField(max_length=100, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_situation"


class Deputy(models.Model):
    """Who works for a principal, in which way, and from when until when."""

    id = models.UUIDField(primary_key=True)
    deputy = models.ForeignKey(Professional, models.PROTECT, related_name="+")
    principal = models.ForeignKey(Professional, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_deputy"


class Team(models.Model):
    """A care team (L1110-12): professionals who treat the same people, in one organisation's service or across."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True)

    class Meta:
        db_table = "people_team"


class TeamMember(models.Model):
    id = models.UUIDField(primary_key=True)
    team = models.ForeignKey(Team, models.PROTECT)
    professional = models.ForeignKey(Professional, models.PROTECT)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_team_member"


class Client(models.Model):
    """Software of an organisation: it deposits, and sees what it deposited itself unless it only feeds. `scope` is the
    most that a token it asks for may allow; acting for a professional is a right of its own."""

    actor = models.OneToOneField(KernelActor, models.PROTECT, primary_key=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    reads_own = models.BooleanField(default=True)
    acts_for_professionals = models.BooleanField(default=False, db_default=False)
    scope = models.TextField(blank=True, default="", db_default="")

    class Meta:
        db_table = "people_client"


class ClientKey(models.Model):
    """A public key of a client. Several hold at a time, so that the next one is there before the last one ends."""

    id = models.UUIDField(primary_key=True)
    client = models.ForeignKey(Client, models.PROTECT)
    kid = models.CharField(max_length=100)
    jwk = models.JSONField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_client_key"
        constraints = (
            models.UniqueConstraint(
                fields=["client", "kid"],
                name="people_client_key_once",
                violation_error_message="Ce logiciel a déjà une clé de ce nom (kid) : chaque clé a le sien.",
            ),
        )


class SpentAssertion(models.Model):
    """The hash of a client and of the `jti` of an assertion it has used, until that assertion would end anyway."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "people_spent_assertion"


class Operator(models.Model):
    actor = models.OneToOneField(KernelActor, models.PROTECT, primary_key=True)
    role = models.CharField(max_length=10)

    class Meta:
        db_table = "people_operator"


class SignIn(models.Model):
    """An identity at an OpenID Connect provider, and the actor it signs in."""

    id = models.UUIDField(primary_key=True)
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=200)
    actor = models.ForeignKey(KernelActor, models.PROTECT)

    class Meta:
        db_table = "people_sign_in"
        constraints = (
            models.UniqueConstraint(
                fields=["issuer", "subject"],
                name="people_sign_in_once",
                violation_error_message="Cette identité est déjà rattachée à un compte.",
            ),
        )


class Token(models.Model):
    """A bearer token, known here by its hash alone; `key` is that with which a client asked for it."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    actor = models.ForeignKey(KernelActor, models.PROTECT)
    key = models.ForeignKey(ClientKey, models.PROTECT, null=True)
    purpose = models.CharField(max_length=15)
    scope = models.TextField(blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_token"


class Representation(models.Model):
    """Who represents the holder (a parent, a guardian), from when until when."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    representative_id = models.UUIDField()
    kind = models.CharField(max_length=12)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_representation"


class CareLink(models.Model):
    """A carer of the holder's choice, with partial rights ("appointments", "treatments" …)."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    carer_id = models.UUIDField()
    rights = ArrayField(models.CharField(max_length=20))
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_care_link"
