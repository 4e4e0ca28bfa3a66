"""Code systems and models of content that the demonstration documents use (CI-SIS, 2024 editions)."""

from __future__ import annotations

from carnet.demo.model import Model
from carnet.formats.cda.build import Template
from carnet.formats.cda.build.codes import A05, LOINC, loinc
from carnet.formats.entry import Coded
from carnet.formats.terminology.systems import A00, FACILITY, SETTING

PUBLIC_HOSPITAL = Coded("SA01", FACILITY, "Etablissement public de santé")
PRIVATE_PRACTICE = Coded("SA07", FACILITY, "Cabinet individuel")
GROUP_PRACTICE = Coded("SA08", FACILITY, "Cabinet de groupe")
LABORATORY = Coded("SA25", FACILITY, "Laboratoire de biologie médicale")
PHARMACY = Coded("SA33", FACILITY, "Pharmacie d'officine")
INSURER = Coded("SA24", FACILITY, "Organisme de sécurité sociale")
SOCIAL = Coded("SA41", FACILITY, "Autre établissement du domaine social ou médico-social")

AMBULATORY = Coded("AMBULATOIRE", SETTING, "Ambulatoire")
HOSPITAL = Coded("ETABLISSEMENT", SETTING, "Etablissement de santé")
ALIMENTATION = "Alimentation automatique"
AUTOMATIC = Coded("ALIM_AM", A00, "Alimentation automatique par l'Assurance Maladie")
COMPULSORY_INSURANCE = Coded("AMO", SETTING, "Organisme d'assurance maladie obligatoire")


def _level1(code: str, display: str, system: str = LOINC) -> Model:
    """A type without a structured model of its own: level 1, or sections of free choice."""
    return Model(Coded(code, system, display))


def _model(type_: Coded, version: str, *roots: str) -> Model:
    """The last template is that of the CI-SIS: it alone has editions."""
    *others, own = roots
    return Model(type_, (*map(Template, others), Template(own, version)))


BIOLOGY = _model(
    loinc("11502-2", "CR d'examens biologiques"),
    "2024.01",
    "1.3.6.1.4.1.19376.1.3.3",
    "1.2.250.1.213.1.1.1.55",
)
IMAGING = _model(
    loinc("18748-4", "CR d'imagerie médicale"),
    "2024.01",
    "1.2.840.10008.9.1",
    "1.2.840.10008.9.20",
    "1.2.840.10008.9.21",
    "1.2.250.1.213.1.1.1.45",
)
IMAGING_ORDER = _model(
    loinc("55115-0", "Demande d'actes d'imagerie"),
    "2024.01",
    "1.2.840.10008.9.20",
    "1.2.250.1.213.1.1.1.47",
)
PRESCRIPTION = _model(
    loinc("57833-6", "Prescription de produits de santé"),
    "2024.01",
    "1.3.6.1.4.1.19376.1.9.1.1.1",
    "1.3.6.1.4.1.19376.1.5.3.1.1.1",
    "1.2.250.1.213.1.1.1.39",
)
DISPENSATION = _model(
    loinc("60593-1", "Dispensation médicamenteuse"),
    "2024.01",
    "1.3.6.1.4.1.19376.1.5.3.1.1.1",
    "1.3.6.1.4.1.19376.1.9.1.1.3",
    "1.2.250.1.213.1.1.1.54",
)
VACCINATION = _model(
    loinc("87273-9", "Note de vaccination"),
    "2023.01",
    "1.3.6.1.4.1.19376.1.5.3.1.1.18.1.2",
    "1.2.250.1.213.1.1.1.46",
)
DISCHARGE_LETTER = _model(
    loinc("11490-0", "Lettre de liaison à la sortie d'un établissement de soins"),
    "2022.01",
    "1.2.250.1.213.1.1.1.29",
)
SUMMARY = _model(Coded("SYNTH", A05, "Synthèse"), "201310", "1.2.250.1.213.1.1.1.13")
REIMBURSEMENTS = _model(Coded("REMB", A05, "Données de remboursement"), "2021.01", "1.2.250.1.213.1.1.1.36")

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
