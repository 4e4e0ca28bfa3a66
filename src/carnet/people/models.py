"""Who acts: persons, professionals, organisations, software, operators; and who stands for whom.

Accounts and professional identities live in `app`. A link between a record and a person (representation, care)
tells of somebody's life: it lives in `record`, under the second lock.
"""

from __future__ import annotations

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models

from carnet.kernel.models import KernelActor
from carnet.people.app_models import AppCode, AppConsent, AppGrant, IdKey, Launch, RefreshToken
from carnet.people.rules import LEVELS, Capacity, Way

__all__ = ["AppCode", "AppConsent", "AppGrant", "IdKey", "Launch", "RefreshToken"]


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
    # What its holder is shown of it (`people.devices`); `id` names it on pages, `ended_at` ends it from elsewhere.
    id = models.UUIDField(unique=True, default=uuid4, db_default=RandomUUID())
    browser = models.CharField(max_length=20, default="", db_default="")
    system = models.CharField(max_length=20, default="", db_default="")
    way = models.CharField(max_length=8, default=Way.PROVIDER.value, db_default=Way.PROVIDER.value)
    passkey = models.ForeignKey("Passkey", models.PROTECT, null=True)
    seen = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_signed_in"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(way__in=[way.value for way in Way]),
                name="people_signed_in_way_known",
                violation_error_message="Cette manière de se connecter n'est pas reconnue.",
            ),
        )


class Passkey(models.Model):
    """The public half of a key that a person's device or manager of keys holds. `assurance` is the level of the sign-in
    under which it was added; `sign_count` only ever grows, where the authenticator counts. Revoked, never forgotten."""

    id = models.UUIDField(primary_key=True)
    actor = models.ForeignKey(KernelActor, models.PROTECT)
    credential_id = models.BinaryField(max_length=1023, unique=True)
    public_key = models.BinaryField(max_length=2048)
    sign_count = models.BigIntegerField()
    name = models.CharField(max_length=60)
    assurance = models.CharField(max_length=8)
    may_be_copied = models.BooleanField()
    is_copied = models.BooleanField()
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_passkey"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(assurance__in=LEVELS),
                name="people_passkey_assurance_known",
                violation_error_message="Ce niveau d'identification n'est pas reconnu.",
            ),
            models.CheckConstraint(
                condition=models.Q(sign_count__gte=0, sign_count__lt=2**32),
                name="people_passkey_count_range",
                violation_error_message="Le compteur d'une clé va de 0 à 4 294 967 295.",
            ),
        )


class SpentChallenge(models.Model):
    """The hash of a challenge that was answered, until it would end anyway: it is answered once."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    until = models.DateTimeField()

    class Meta:
        db_table = "people_spent_challenge"


class KnownDevice(models.Model):
    """A browser from which that person came before, by the hash of both: two people's of one browser are not alike."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    actor = models.ForeignKey(KernelActor, models.PROTECT)
    seen_on = models.DateField()

    class Meta:
        db_table = "people_known_device"


class SessionsEnd(models.Model):
    """Sessions of that actor that began before `at` are over."""

    actor = models.OneToOneField(KernelActor, models.PROTECT, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "people_sessions_end"


class ProviderSession(models.Model):
    """A browser's session by the hash of its key, with keyed hashes of the session and of the account at the sign-in
    provider that it hangs on."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    actor = models.ForeignKey(KernelActor, models.PROTECT)
    session = models.BinaryField(max_length=32, null=True)
    subject = models.BinaryField(max_length=32)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_provider_session"
        indexes = (
            models.Index(fields=["session"], name="people_provider_session_of"),
            models.Index(fields=["subject"], name="people_provider_subject_of"),
        )


class ProviderEnd(models.Model):
    """That a sign-in provider has ended a session there, or all of an account's, by keyed hash: for what hangs on it
    and is no session of ours yet."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    at = models.DateTimeField()

    class Meta:
        db_table = "people_provider_end"


class IdentityCase(models.Model):
    """Somebody proved who they are at a provider, and no record could be told for sure to be theirs. The traits that
    the provider gave, nothing else; the row goes when an operator has settled it, or after three months."""

    id = models.UUIDField(primary_key=True)
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=200)
    family = models.CharField(max_length=200)
    givens = models.CharField(max_length=200)
    birth_date = models.CharField(max_length=10)
    sex = models.CharField(max_length=1)
    birth_place = models.CharField(max_length=5, blank=True)
    reason = models.CharField(max_length=12)
    at = models.DateTimeField()

    class Meta:
        db_table = "people_identity_case"
        constraints = (
            models.UniqueConstraint(
                fields=["issuer", "subject"],
                name="people_identity_case_once",
                violation_error_message="Cette identité attend déjà d'être rapprochée.",
            ),
        )


class Disowned(models.Model):
    """Somebody said that a session was not theirs, or that the record they were shown is not (`first_opening`): how the
    session was opened, and by which identity (`sign_in_id`, none for a passkey or a code). It waits for the support."""

    id = models.UUIDField(primary_key=True)
    actor = models.ForeignKey(KernelActor, models.PROTECT)
    sign_in_id = models.UUIDField(null=True)
    first_opening = models.BooleanField()
    way = models.CharField(max_length=8, blank=True)
    browser = models.CharField(max_length=20, blank=True)
    system = models.CharField(max_length=20, blank=True)
    since = models.DateTimeField(null=True)
    at = models.DateTimeField()
    decision = models.CharField(max_length=10, blank=True, default="", db_default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)

    class Meta:
        db_table = "people_disowned"
        constraints = (
            models.UniqueConstraint(
                fields=["actor", "sign_in_id"],
                condition=models.Q(decided_at__isnull=True),
                nulls_distinct=False,
                name="people_disowned_once",
                violation_error_message="Ce signalement est déjà en cours.",
            ),
        )


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
    """`listed`: a national extract brought them, or named them since; `withdrawn_at`: it names them no more."""

    actor = models.OneToOneField(KernelActor, models.PROTECT, primary_key=True)
    rpps = models.CharField(max_length=11, unique=True, null=True)
    family = models.CharField(max_length=100)
    given = models.CharField(max_length=100)
    profession_system = models.CharField(max_length=40)
    profession_code = models.CharField(max_length=30)
    speciality = models.CharField(max_length=10, blank=True)
    capacity = models.CharField(max_length=12, default=Capacity.CARE.value)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True)
    listed = models.BooleanField(default=False, db_default=False)
    withdrawn_at = models.DateTimeField(null=True)

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
    PractitionerRole), from when until when; the main place is the professional's own. `listed`: begun by an extract;
    `of_service`: by a file of services."""

    id = models.UUIDField(primary_key=True)
    professional = models.ForeignKey(Professional, models.PROTECT)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    role = models.CharField(max_length=100, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    listed = models.BooleanField(default=False, db_default=False)
    of_service = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "people_situation"


class DayList(models.Model):
    """The patients that a professional laid out for one day, as ids of records (`people.day_list`)."""

    actor = models.OneToOneField(KernelActor, models.PROTECT, primary_key=True)
    day = models.DateField()
    entries = models.JSONField()

    class Meta:
        db_table = "people_day_list"


class Appointment(models.Model):
    """Of a professional's day, as software laid it out, sealed (`people.appointments`). `digest`: the person and the
    time, by which the same one is known again."""

    id = models.UUIDField(primary_key=True)
    actor = models.ForeignKey(KernelActor, models.PROTECT, related_name="+")
    client = models.ForeignKey("people.Client", models.PROTECT, related_name="+")
    day = models.DateField(db_index=True)
    digest = models.BinaryField(max_length=32)
    sealed = models.BinaryField()
    version = models.IntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "people_appointment"
        constraints = (
            models.UniqueConstraint(
                fields=["actor", "client", "digest"],
                name="people_appointment_once",
                violation_error_message="Ce rendez-vous est déjà dans la journée.",
            ),
        )


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
    most that a token it asks for may allow; acting for a professional is a right of its own. `provider_client_id` is
    its name at the provider of professionals, whose tokens it may exchange for ours.

    An app that professionals open in a browser has addresses: `redirect_uris`, to one of which answers go, and
    `launch_uris`, at which it is launched. A `public` one keeps no key. A `trusted` one is the house's own: nobody is
    asked whether it may. `opens_sessions`: its links bring professionals into the portal. `for_persons`: it is opened
    by patients and who represents them, and by no professional."""

    actor = models.OneToOneField(KernelActor, models.PROTECT, primary_key=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    reads_own = models.BooleanField(default=True)
    acts_for_professionals = models.BooleanField(default=False, db_default=False)
    scope = models.TextField(blank=True, default="", db_default="")
    provider_client_id = models.CharField(max_length=200, blank=True, default="", db_default="")
    redirect_uris = ArrayField(models.TextField(), default=list, db_default=[])
    launch_uris = ArrayField(models.TextField(), default=list, db_default=[])
    public = models.BooleanField(default=False, db_default=False)
    trusted = models.BooleanField(default=False, db_default=False)
    opens_sessions = models.BooleanField(default=False, db_default=False)
    for_persons = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "people_client"


class Registration(models.Model):
    """What a publisher said when registering software, and how the request for production stands. `secret` is the hash
    of what only the publisher has."""

    id = models.UUIDField(primary_key=True)
    client = models.OneToOneField(Client, models.PROTECT)
    secret = models.BinaryField(max_length=32)
    state = models.CharField(max_length=10)
    words = models.TextField(blank=True, default="")
    software = models.CharField(max_length=200)
    publisher = models.CharField(max_length=200)
    address = models.CharField(max_length=400)
    website = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=200)
    email = models.CharField(max_length=200)
    structure = models.CharField(max_length=40, blank=True)
    scope = models.TextField()
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)

    class Meta:
        db_table = "people_registration"


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
    """The hash of a client and of the `jti` of an assertion it has used, or of a key and of the `jti` of a proof of
    possession, until it would end anyway."""

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
    """An identity at an OpenID Connect provider, and the actor it signs in; nobody while it is held (`held_at`), until
    the support has decided."""

    id = models.UUIDField(primary_key=True)
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=200)
    actor = models.ForeignKey(KernelActor, models.PROTECT)
    held_at = models.DateTimeField(null=True)

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
    """A token, known here by its hash alone; `key` is that with which a client asked for it, `bound` the key or the
    certificate of its sender ("jkt:…", "x5t#S256:…"), without which it is worth nothing; "" for a bearer's.
    `regulates`: the provider said that this professional answers the calls of the centre 15; `proof` what else it said,
    of a token that was exchanged. `grant` is what a professional granted an app, from which it comes."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    actor = models.ForeignKey(KernelActor, models.PROTECT)
    key = models.ForeignKey(ClientKey, models.PROTECT, null=True)
    purpose = models.CharField(max_length=15)
    scope = models.TextField(blank=True)
    bound = models.CharField(max_length=80, default="", db_default="")
    regulates = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    grant = models.ForeignKey(AppGrant, models.PROTECT, null=True)
    proof = models.JSONField(null=True)

    class Meta:
        db_table = "people_token"


class Representation(models.Model):
    """Who represents the holder (a parent, the guardian of a protected adult), from when until when. `ground`: the
    decision that made somebody a guardian, by court and date. `basis`: how we know of it, by the insurance's feed, a
    proof or a court; `measure`: the kind of protection of an adult. `ended_for`: on which ground a court's decision
    ended it, with its `reference`; "" where no court did."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    representative_id = models.UUIDField()
    kind = models.CharField(max_length=12)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ground = models.CharField(max_length=200, blank=True, default="", db_default="")
    basis = models.CharField(max_length=10, default="feed", db_default="feed")
    measure = models.CharField(max_length=20, blank=True, default="", db_default="")
    ended_for = models.CharField(max_length=20, blank=True, default="", db_default="")
    reference = models.CharField(max_length=100, blank=True, default="", db_default="")

    class Meta:
        db_table = "people_representation"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(kind="guardian") | (models.Q(until__isnull=False) & ~models.Q(ground="")),
                name="people_guardian_by_a_decision",
                violation_error_message="Une tutelle a un terme et une décision qui la fonde.",
            ),
        )


class CareLink(models.Model):
    """A carer of the holder's choice, with partial rights (`consent.caring.Right`), to act with or to read only."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    carer_id = models.UUIDField()
    rights = ArrayField(models.CharField(max_length=20))
    acts = models.BooleanField(default=False, db_default=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_care_link"


class CareInvitation(models.Model):
    """The holder, or their guardian, asks somebody to help them; or a parent asks the other one to represent the child
    too (`asks` "parent", without rights: see `ParentCase`). Known by the hash of its code, which is used once. `state`:
    pending, accepted, refused or cancelled; one whose `until_answer` has passed is expired. `given`: the name by which
    they know who is invited."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    digest = models.BinaryField(max_length=32, unique=True)
    channel = models.CharField(max_length=5)
    invited_by = models.UUIDField()
    given = models.CharField(max_length=60)
    why = models.CharField(max_length=200)
    rights = ArrayField(models.CharField(max_length=20))
    acts = models.BooleanField()
    until = models.DateTimeField(null=True)
    at = models.DateTimeField()
    until_answer = models.DateTimeField()
    state = models.CharField(max_length=10)
    answered_at = models.DateTimeField(null=True)
    carer_id = models.UUIDField(null=True)
    asks = models.CharField(max_length=6, default="carer", db_default="carer")

    class Meta:
        db_table = "people_care_invitation"


class CodeText(models.Model):
    """A text message on its way, by its id, which the gateway takes once: number and words are sealed, and gone when it
    has left."""

    id = models.UUIDField(primary_key=True)
    sealed = models.BinaryField()
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_code_text"


class ParentCase(models.Model):
    """Somebody whom a parent invited says, with a proof, that they are the other one: an operator looks at it, and
    nothing is open before. `content_id`: the proof among the contents that pass, gone as soon as the case is decided,
    or at `until`. `state`: waiting, accepted, refused, expired or cancelled; `reason` and `words` are why it was
    refused."""

    pk = models.CompositePrimaryKey("record_id", "id")
    record_id = models.UUIDField()
    id = models.UUIDField()
    person_id = models.UUIDField()
    invited_by = models.UUIDField()
    proof = models.CharField(max_length=20)
    content_id = models.UUIDField(null=True)
    media_type = models.CharField(max_length=100)
    at = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(max_length=10)
    reason = models.CharField(max_length=20, blank=True, default="", db_default="")
    words = models.CharField(max_length=300, blank=True, default="", db_default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)

    class Meta:
        db_table = "people_parent_case"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state="waiting") | models.Q(content_id__isnull=True),
                name="people_parent_proof_gone",
                violation_error_message="La preuve est effacée dès que la demande a sa réponse.",
            ),
        )


class CareMail(models.Model):
    """An invitation on its way by mail, by its id: address, code and the given name of who invites are sealed, and gone
    when it has left. `claimed_at` is set before it leaves: it is never sent twice."""

    id = models.UUIDField(primary_key=True)
    sealed = models.BinaryField()
    language = models.CharField(max_length=2)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_care_mail"
