"""Professionals who sign documents of the stories without being of the cast."""

from __future__ import annotations

from carnet.demo import places
from carnet.demo.identifiers import numbered
from carnet.demo.model import Organisation, Professional


def _doctor(number: int, given: str, family: str, speciality: tuple[str, str], at: Organisation) -> Professional:
    rpps = numbered(f"100020{number:04d}")
    return Professional(f"auteur-{number}", family, given, "DR", rpps, "10", "Médecin", *speciality, at)


_BIOLOGY = ("SM03", "Biologie médicale (SM)")
_RADIOLOGY = ("SM74", "Radiologie et imagerie médicale (SM)")

CITY_BIOLOGIST = _doctor(1, "Maud", "Ferrand", _BIOLOGY, places.CITY_LABORATORY)
HOSPITAL_BIOLOGIST = _doctor(2, "Denis", "Halgand", _BIOLOGY, places.HOSPITAL_LABORATORY)
RADIOLOGIST = _doctor(3, "Hélène", "Bourdais", _RADIOLOGY, places.RADIOLOGY)
OBSTETRICIAN = _doctor(4, "Aurélie", "Chauvin", ("SM20", "Gynécologie-obstétrique (SM)"), places.HOSPITAL_SITE)
ENDOCRINOLOGIST = _doctor(
    5, "Karim", "Saïdi", ("SM62", "Endocrinologie, diabétologie, nutrition (SM)"), places.HOSPITAL_SITE
)
SURGEON = _doctor(6, "Bertrand", "Guillou", ("SM14", "Chirurgie viscérale et digestive (SM)"), places.HOSPITAL_SITE)
ANAESTHETIST = _doctor(7, "Lucie", "Tessier", ("SM02", "Anesthésie-réanimation (SM)"), places.HOSPITAL_SITE)
PATHOLOGIST = _doctor(8, "Florence", "Adam", ("SM01", "Anatomie et Cytologie pathologiques (SM)"), places.HOSPITAL_SITE)
PSYCHIATRIST = _doctor(9, "Élise", "Marchand", ("SM42", "Psychiatrie (SM)"), places.HOSPITAL_SITE)
OPHTHALMOLOGIST = _doctor(10, "Paul-Henri", "Lacroix", ("SM38", "Ophtalmologie (SM)"), places.HOSPITAL_SITE)
ENT_SPECIALIST = _doctor(
    11, "Nicolas", "Perrot", ("SM34", "ORL et Chirurgie cervico-faciale (SM)"), places.HOSPITAL_SITE
)
PAEDIATRICIAN = _doctor(12, "Manon", "Jouanneau", ("SM40", "Pédiatrie (SM)"), places.HOSPITAL_SITE)
PNEUMOLOGIST = _doctor(13, "Claire", "Audouin", ("SM41", "Pneumologie (SM)"), places.HOSPITAL_SITE)
ORTHOPAEDIST = _doctor(
    14, "Romain", "Vasseur", ("SM08", "Chirurgie orthopédique et Traumatologie (SM)"), places.HOSPITAL_SITE
)
ONCOLOGIST = _doctor(15, "Agnès", "Delaunay", ("SM36", "Oncologie, option médicale (SM)"), places.HOSPITAL_SITE)
GERIATRICIAN = _doctor(16, "Benoît", "Kerleau", ("SM18", "Gériatrie (SM)"), places.HOSPITAL_SITE)
UROLOGIST = _doctor(17, "Étienne", "Pasquier", ("SM12", "Chirurgie urologique (SM)"), places.HOSPITAL_SITE)
