"""Code systems and models of content that the demonstration documents use (CI-SIS, 2024 editions)."""

from __future__ import annotations

from carnet.demo.model import Model
from carnet.formats.entry import Coded

LOINC = "2.16.840.1.113883.6.1"
A05 = "1.2.250.1.213.1.1.4.12"
ATC = "2.16.840.1.113883.6.73"
ICD10 = "2.16.840.1.113883.6.3"
CCAM = "1.2.250.1.215.300.1"
EDQM = "0.4.0.127.0.16.1.1.2.1"
SNOMED = "2.16.840.1.113883.6.96"
ACT_CODE = "2.16.840.1.113883.5.4"
INTERPRETATION = "2.16.840.1.113883.5.83"
DICOM = "1.2.840.10008.2.16.4"

SYSTEM_NAMES = {
    LOINC: "LOINC",
    A05: "TRE_A05",
    ATC: "ATC",
    ICD10: "CIM-10",
    CCAM: "CCAM",
    EDQM: "EDQM",
    SNOMED: "SNOMED CT",
    DICOM: "DCM",
}

_FACILITY = "1.2.250.1.71.4.2.4"
_SETTING = "1.2.250.1.213.1.1.4.9"

PUBLIC_HOSPITAL = Coded("SA01", _FACILITY, "Etablissement public de santé")
PRIVATE_PRACTICE = Coded("SA07", _FACILITY, "Cabinet individuel")
GROUP_PRACTICE = Coded("SA08", _FACILITY, "Cabinet de groupe")
LABORATORY = Coded("SA25", _FACILITY, "Laboratoire de biologie médicale")
PHARMACY = Coded("SA33", _FACILITY, "Pharmacie d'officine")
INSURER = Coded("SA24", _FACILITY, "Organisme de sécurité sociale")
SOCIAL = Coded("SA41", _FACILITY, "Autre établissement du domaine social ou médico-social")

AMBULATORY = Coded("AMBULATOIRE", _SETTING, "Ambulatoire")
HOSPITAL = Coded("ETABLISSEMENT", _SETTING, "Etablissement de santé")
COMPULSORY_INSURANCE = Coded("AMO", _SETTING, "Organisme d'assurance maladie obligatoire")


def loinc(code: str, display: str) -> Coded:
    return Coded(code, LOINC, display)


def _level1(code: str, display: str, system: str = LOINC) -> Model:
    """A type without a structured model of its own: level 1, or sections of free choice."""
    return Model(Coded(code, system, display))


UNSTRUCTURED = "1.3.6.1.4.1.19376.1.2.20"

BIOLOGY = Model(
    loinc("11502-2", "CR d'examens biologiques"),
    ("1.3.6.1.4.1.19376.1.3.3", "1.2.250.1.213.1.1.1.55"),
    "2024.01",
)
IMAGING = Model(
    loinc("18748-4", "CR d'imagerie médicale"),
    ("1.2.840.10008.9.1", "1.2.840.10008.9.20", "1.2.840.10008.9.21", "1.2.250.1.213.1.1.1.45"),
    "2024.01",
)
IMAGING_ORDER = Model(
    loinc("55115-0", "Demande d'actes d'imagerie"),
    ("1.2.840.10008.9.20", "1.2.250.1.213.1.1.1.47"),
    "2024.01",
)
PRESCRIPTION = Model(
    loinc("57833-6", "Prescription de produits de santé"),
    ("1.3.6.1.4.1.19376.1.9.1.1.1", "1.3.6.1.4.1.19376.1.5.3.1.1.1", "1.2.250.1.213.1.1.1.39"),
    "2024.01",
)
DISPENSATION = Model(
    loinc("60593-1", "Dispensation médicamenteuse"),
    ("1.3.6.1.4.1.19376.1.5.3.1.1.1", "1.3.6.1.4.1.19376.1.9.1.1.3", "1.2.250.1.213.1.1.1.54"),
    "2024.01",
)
VACCINATION = Model(
    loinc("87273-9", "Note de vaccination"),
    ("1.3.6.1.4.1.19376.1.5.3.1.1.18.1.2", "1.2.250.1.213.1.1.1.46"),
    "2023.01",
)
DISCHARGE_LETTER = Model(
    loinc("11490-0", "Lettre de liaison à la sortie d'un établissement de soins"),
    ("1.2.250.1.213.1.1.1.29",),
    "2022.01",
)
SUMMARY = Model(Coded("SYNTH", A05, "Synthèse"), ("1.2.250.1.213.1.1.1.13",), "201310")
REIMBURSEMENTS = Model(Coded("REMB", A05, "Données de remboursement"), ("1.2.250.1.213.1.1.1.36",), "2021.01")

CONSULTATION = _level1("11488-4", "CR ou fiche de consultation ou de visite")
REFERRAL = _level1("96349-6", "Lettre d'adressage")
EMERGENCY = _level1("15507-7", "CR de passage aux urgences")
HOSPITAL_STAY = _level1("34112-3", "CR hospitalier (séjour)")
OPERATION = _level1("34874-8", "CR opératoire")
ANAESTHESIA_VISIT = _level1("34749-2", "CR de consultation pré-anesthésique")
DELIVERY = _level1("15508-5", "CR d'accouchement")
PATHOLOGY = _level1("60568-3", "CR d'anatomie et de cytologie pathologiques")
DIAGNOSTIC_ACT = _level1("70004-7", "CR d'acte diagnostique (autre)")
SCREENING_ACT = _level1("75492-9", "CR d'acte diagnostique à visée préventive ou de dépistage")
TELECONSULTATION = _level1("85208-7", "CR de télémédecine")
NURSING_FOLLOW_UP = _level1("11506-3", "CR ou fiche de suivi de soins par auxiliaire médical")
DENTAL_CHECK = _level1("28617-9", "Bilan bucco-dentaire")
EYE_VISIT = _level1("78513-9", "CR de consultation en ophtalmologie")
CHILD_VISIT = _level1("59283-2", "CR d'examen de l'enfant")
PHYSIOTHERAPY_ORDER = _level1("PRESC-KINE", "Prescription d'actes de kinésithérapie", A05)
SPEECH_ORDER = _level1("PRESC-ORTHOPHO", "Prescription d'actes d'orthophonie", A05)
NURSING_ORDER = _level1("PRESC-INF", "Prescription d'actes infirmiers", A05)
CERTIFICATE = _level1("89601-9", "Certificat médical")
CHILD_CERTIFICATE = _level1("CERT_DECL", "Certificat, déclaration", A05)
CARE_PROTOCOL = _level1("PROT_ALD", "Protocole de soins ALD", A05)
PREVENTION_PLAN = _level1("83869-8", "Plan personnalisé de prévention")
RIGHTS_STATEMENT = _level1("ATTEST-DROITS-AM", "Attestation de droits à l'assurance maladie", A05)
