"""The cast of the contract: the fictional people of the demonstration and of the tests. Data, nothing else.

INS numbers carry the test OID; RPPS numbers are of the test kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from carnet.demo import places
from carnet.demo.identifiers import uuid_of
from carnet.demo.model import Identity, Organisation, Professional
from carnet.formats.cda.build import Address
from carnet.people.rules import Capacity
from carnet.records.rules import RecordState


@dataclass(frozen=True, slots=True)
class Resident:
    """`note` says in a few French words who this is, for the list of log-ins."""

    identity: Identity
    state: RecordState
    note: str

    @property
    def key(self) -> str:
        return self.identity.key


@dataclass(frozen=True, slots=True)
class Clinician:
    """`system` tells where the code of the profession comes from: G15, or R85 for roles."""

    professional: Professional
    note: str
    capacity: Capacity = Capacity.CARE
    system: str = "G15"

    @property
    def key(self) -> str:
        return self.professional.key


@dataclass(frozen=True, slots=True)
class Software:
    key: str
    name: str
    organisation: Organisation
    note: str
    scope: str = "system/*.cruds"
    acts_for_professionals: bool = False


@dataclass(frozen=True, slots=True)
class Staff:
    """An operator of the service; `role` is "support" or "steering"."""

    key: str
    name: str
    role: str
    note: str


def actor_id(key: str) -> UUID:
    return uuid_of("actor", key)


def organisation_id(key: str) -> UUID:
    return uuid_of("organisation", key)


def record_id(key: str) -> UUID:
    return uuid_of("record", key)


# The realm of the demonstration's identity provider: a name, since addresses and ports change.
REALM = "urn:carnet:demonstration"
_NO_SIRET = "5" + "0" * 14


def subject(member: Resident | Clinician | Staff) -> str:
    """What the demonstration's identity provider calls a member: professionals by their national identifier."""
    if isinstance(member, Resident):
        return member.key
    if isinstance(member, Clinician) and member.professional.rpps:
        return f"8{member.professional.rpps}"
    return f"{_NO_SIRET}/{member.key}"


_HOME = Address("8 rue des Mariniers", "49000", "Angers")


def _resident(
    key: str,
    ins: str,
    *,
    names: tuple[str, str, str],
    sex: str,
    born: str,
    birth: tuple[str, str],
    note: str,
    address: Address = _HOME,
    state: RecordState = RecordState.ACTIVE,
) -> Resident:
    """`names`: family, first given, all given; `birth`: INSEE code and name of the place."""
    family, given, givens = names
    place, city = birth
    identity = Identity(
        key,
        ins,
        family,
        given,
        givens,
        sex,
        date.fromisoformat(born),
        place,
        city,
        address,
        f"06399800{ins[-2:]}",
    )
    return Resident(identity, state, note)


DOMINIQUE = _resident(
    "dominique",
    "279035121518989",
    names=("PAT-TROIS", "Dominique", "Dominique Marie-Louise"),
    sex="F",
    born="1979-03-28",
    birth=("51215", "Dompremy"),
    note="patiente, dix ans d'histoire dans son carnet",
)
LEA = _resident(
    "lea",
    "218054900711272",
    names=("LEMAIRE", "Léa", "Léa Jeanne"),
    sex="F",
    born="2018-05-14",
    birth=("49007", "Angers"),
    note="fille de Dominique et de Paul",
)
HUGO = _resident(
    "hugo",
    "110034900724558",
    names=("LEMAIRE", "Hugo", "Hugo Paul"),
    sex="M",
    born="2010-03-02",
    birth=("49007", "Angers"),
    note="fils de Dominique et de Paul, avec une visite tenue secrète",
)
PAUL = _resident(
    "paul",
    "177113523803171",
    names=("LEMAIRE", "Paul", "Paul André"),
    sex="M",
    born="1977-11-20",
    birth=("35238", "Rennes"),
    note="l'autre parent, dans un autre foyer",
    address=Address("27 rue de la Fontaine", "49100", "Angers"),
)
JEAN = _resident(
    "jean",
    "150065121507870",
    names=("PAT-TROIS", "Jean", "Jean Marcel"),
    sex="M",
    born="1950-06-08",
    birth=("51215", "Dompremy"),
    note="père de Dominique, diabétique",
    address=Address("3 impasse des Bateliers", "49000", "Angers"),
)
CLAIRE = _resident(
    "claire",
    "290097511215486",
    names=("FONTAINE", "Claire", "Claire Sophie"),
    sex="F",
    born="1990-09-17",
    birth=("75112", "Paris 12e arrondissement"),
    note="opposée à la création d'un carnet",
    address=Address("14 rue du Quinconce", "49100", "Angers"),
    state=RecordState.OPPOSED,
)
MARC = _resident(
    "marc",
    "165021305506665",
    names=("ROUSSEL", "Marc", "Marc Antoine"),
    sex="M",
    born="1965-02-11",
    birth=("13055", "Marseille"),
    note="a fermé son carnet l'an dernier",
    address=Address("51 rue des Capucins", "49000", "Angers"),
    state=RecordState.CLOSED,
)
NADIA = _resident(
    "nadia",
    "201076938420354",
    names=("BELKACEM", "Nadia", "Nadia"),
    sex="F",
    born="2001-07-23",
    birth=("69384", "Lyon 4e arrondissement"),
    note="a un carnet, jamais activé",
    address=Address("2 rue de l'Université", "49000", "Angers"),
    state=RecordState.UNOPENED,
)

RESIDENTS = (DOMINIQUE, LEA, HUGO, PAUL, JEAN, CLAIRE, MARC, NADIA)


def _doctor(key: str, names: tuple[str, str], rpps: str, speciality: tuple[str, str], at: Organisation) -> Professional:
    given, family = names
    return Professional(key, family, given, "DR", rpps, "10", "Médecin", *speciality, at)


_GENERAL = ("SM54", "Médecine générale (SM)")

DR_MARTIN = _doctor("dr-martin", ("Philippe", "Martin"), "10001001014", _GENERAL, places.SURGERY)
REMPLACANT = _doctor("remplacant", ("Thomas", "Renaud"), "10001011112", _GENERAL, places.SURGERY)
SECRETAIRE = Professional(
    "secretaire",
    "Colin",
    "Nathalie",
    "MME",
    "",
    "331",
    "Secrétaire assistante médico-administrative",
    "",
    "",
    places.SURGERY,
)
DR_NGUYEN = _doctor(
    "dr-nguyen",
    ("Linh", "Nguyen"),
    "10001002020",
    ("SM04", "Cardiologie et Maladies vasculaires (SM)"),
    places.CARDIOLOGY,
)
DR_INCONNU = _doctor("dr-inconnu", ("Yves", "Kermarec"), "10001003036", _GENERAL, places.FAR_SURGERY)
DR_BLOQUE = _doctor(
    "dr-bloque",
    ("Xavier", "Delmas"),
    "10001004042",
    ("SM15", "Dermatologie et Vénéréologie (SM)"),
    places.DERMATOLOGY,
)
DR_URGENCE = _doctor(
    "dr-urgence",
    ("Samia", "Benali"),
    "10001005056",
    ("SM59", "Médecine d'urgence (SM)"),
    places.HOSPITAL_SITE,
)
SAMU = _doctor(
    "samu",
    ("Olivier", "Chartier"),
    "10001006062",
    ("SM59", "Médecine d'urgence (SM)"),
    places.EMERGENCY_CALLS,
)
PHARM_LEROY = Professional(
    "pharm-leroy", "Leroy", "Anne", "MME", "10001007078", "21", "Pharmacien", "", "", places.PHARMACY_SHOP
)
INF_PETIT = Professional("inf-petit", "Petit", "Julien", "M", "10001008084", "60", "Infirmier", "", "", places.NURSES)
SF_GARCIA = Professional(
    "sf-garcia", "Garcia", "Inès", "MME", "10001009090", "50", "Sage-Femme", "", "", places.MIDWIVES
)
DENT_ROUX = Professional(
    "dent-roux", "Roux", "Camille", "DR", "10001010106", "40", "Chirurgien-Dentiste", "", "", places.DENTISTS
)
MED_TRAVAIL = _doctor(
    "med-travail",
    ("Michel", "Favre"),
    "10001012128",
    ("SM25", "Médecine du travail (SM)"),
    places.WORK_HEALTH,
)
PMI = _doctor("pmi", ("Sophie", "Aubert"), "10001013134", ("SM40", "Pédiatrie (SM)"), places.CHILD_HEALTH)
MED_CONSEIL = _doctor(
    "med-conseil",
    ("Gérard", "Meunier"),
    "10001014140",
    ("SM49", "Santé publique et Médecine sociale (SM)"),
    places.INSURANCE,
)

CLINICIANS = (
    Clinician(DR_MARTIN, "médecin traitant de Dominique, de Jean et des enfants"),
    Clinician(REMPLACANT, "remplace le Dr Martin pour quelques semaines"),
    Clinician(SECRETAIRE, "secrétaire du Dr Martin", Capacity.SECRETARIAT, "R85"),
    Clinician(DR_NGUYEN, "cardiologue autorisée par Dominique"),
    Clinician(DR_INCONNU, "généraliste dans une autre ville, sans lien"),
    Clinician(DR_BLOQUE, "dermatologue bloqué par Dominique"),
    Clinician(DR_URGENCE, "urgentiste au centre hospitalier"),
    Clinician(SAMU, "médecin régulateur du centre 15", Capacity.REGULATION),
    Clinician(PHARM_LEROY, "pharmacienne"),
    Clinician(INF_PETIT, "infirmier à domicile"),
    Clinician(SF_GARCIA, "sage-femme"),
    Clinician(DENT_ROUX, "chirurgien-dentiste"),
    Clinician(MED_TRAVAIL, "médecin du travail, sur accord exprès seulement", Capacity.OCCUPATIONAL),
    Clinician(PMI, "médecin de protection maternelle et infantile", Capacity.CHILD_PROTECTION),
    Clinician(MED_CONSEIL, "médecin-conseil de l'assurance, jamais d'accès", Capacity.INSURER),
)

SOFTWARE = (
    Software("labo", "Logiciel du laboratoire Bio-Loire", places.CITY_LABORATORY, "logiciel du laboratoire, dépose"),
    Software(
        "hopital",
        "Logiciel du centre hospitalier des Ponts",
        places.HOSPITAL_SITE,
        "logiciel de l'hôpital, dépose, et agit pour ses médecins",
        scope="system/*.cruds user/*.cruds",
        acts_for_professionals=True,
    ),
    Software(
        "assurance",
        "Assurance maladie",
        places.INSURANCE,
        "assurance maladie, dépose et ne lit rien",
        scope="system/*.c system/Patient.s",
    ),
)

# Where they practise besides, and as what.
SITUATIONS = (("dr-nguyen", places.HOSPITAL_SITE, "consultations avancées de cardiologie"),)

STAFF = (
    Staff("support", "Assistance de Carnet", "support", "assistance, sans contenu médical"),
    Staff("renfort", "Renfort de Carnet", "support", "le second regard, qui confirme ce qu'un collègue demande"),
    Staff("pilotage", "Pilotage de Carnet", "steering", "pilotage, des chiffres seulement"),
)

MEMBERS: tuple[Resident | Clinician | Software | Staff, ...] = (*RESIDENTS, *CLINICIANS, *SOFTWARE, *STAFF)

ATTENDING = (
    ("dominique", "dr-martin"),
    ("jean", "dr-martin"),
    ("lea", "dr-martin"),
    ("hugo", "dr-martin"),
)
AUTHORISED = (("dominique", "dr-nguyen"),)
BLOCKED = (("dominique", "dr-bloque"),)
# Child, parent.
REPRESENTED = (("lea", "dominique"), ("lea", "paul"), ("hugo", "dominique"), ("hugo", "paul"))
# Cared for, carer, rights.
CARED_FOR = (("jean", "dominique", ("appointments", "treatments")),)
# Deputy, principal, kind, days before and after the loading (None: without end).
DEPUTIES: tuple[tuple[str, str, str, int, int | None], ...] = (
    ("remplacant", "dr-martin", "locum", 7, 28),
    ("secretaire", "dr-martin", "secretary", 365, None),
)
