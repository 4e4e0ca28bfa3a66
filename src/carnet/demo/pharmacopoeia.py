"""Medicines, vaccines and analyses which the stories draw on. Codes: ATC, LOINC, EDQM."""

from __future__ import annotations

from dataclasses import replace

from carnet.formats.cda.build.clinical import ORAL, Analyte, Drug, Finding, Measure, Result, Vaccine
from carnet.formats.cda.build.codes import ATC, EDQM, ICD10, loinc
from carnet.formats.entry import Coded

TABLET = Coded("10219000", EDQM, "Comprimé")
CREAM = Coded("10502000", EDQM, "Crème")
INJECTION = Coded("11201000", EDQM, "Solution injectable")
INHALED = Coded("20020000", EDQM, "Voie inhalée")
CUTANEOUS = Coded("20003000", EDQM, "Voie cutanée")
SUBCUTANEOUS = Coded("20066000", EDQM, "Voie sous-cutanée")
INHALATION = Coded("11101000", EDQM, "Suspension pour inhalation en flacon pressurisé")
POWDER = Coded("10106000", EDQM, "Poudre pour suspension buvable")


def _drug(name: str, code: str, substance: str, form: Coded = TABLET, route: Coded = ORAL) -> Drug:
    return Drug(name, Coded(code, ATC, substance), form, route)


LEVOTHYROXINE_50 = _drug("Lévothyroxine sodique 50 microgrammes, comprimé", "H03AA01", "lévothyroxine sodique")
LEVOTHYROXINE_75 = _drug("Lévothyroxine sodique 75 microgrammes, comprimé", "H03AA01", "lévothyroxine sodique")
LEVOTHYROXINE_100 = _drug("Lévothyroxine sodique 100 microgrammes, comprimé", "H03AA01", "lévothyroxine sodique")
IRON = _drug("Sulfate ferreux 80 mg, comprimé", "B03AA07", "sulfate ferreux")
PARACETAMOL = _drug("Paracétamol 1 g, comprimé", "N02BE01", "paracétamol")
PARACETAMOL_CHILD = _drug("Paracétamol enfant, suspension buvable", "N02BE01", "paracétamol", POWDER)
IBUPROFEN = _drug("Ibuprofène 400 mg, comprimé", "M01AE01", "ibuprofène")
AMOXICILLIN_CHILD = _drug("Amoxicilline enfant, poudre pour suspension buvable", "J01CA04", "amoxicilline", POWDER)
SALBUTAMOL = _drug("Salbutamol 100 microgrammes, inhalation", "R03AC02", "salbutamol", INHALATION, INHALED)
METFORMIN = _drug("Metformine 1 000 mg, comprimé", "A10BA02", "metformine")
METFORMIN_500 = _drug("Metformine 500 mg, comprimé", "A10BA02", "metformine")
EMPAGLIFLOZIN = _drug("Empagliflozine 10 mg, comprimé", "A10BK03", "empagliflozine")
RAMIPRIL = _drug("Ramipril 5 mg, comprimé", "C09AA05", "ramipril")
ATORVASTATIN = _drug("Atorvastatine 20 mg, comprimé", "C10AA05", "atorvastatine")
AMLODIPINE = _drug("Amlodipine 5 mg, comprimé", "C08CA01", "amlodipine")
CETIRIZINE = _drug("Cétirizine 10 mg, comprimé", "R06AE07", "cétirizine")
AMOXICILLIN = _drug("Amoxicilline 1 g, comprimé", "J01CA04", "amoxicilline")
FOSFOMYCIN = _drug("Fosfomycine 3 g, granulés en sachet", "J01XX01", "fosfomycine", POWDER)
HYDROCORTISONE = _drug("Hydrocortisone 1 %, crème", "D07AA02", "hydrocortisone", CREAM, CUTANEOUS)
ORAL_REHYDRATION = _drug("Soluté de réhydratation orale, sachet", "A07CA", "sels de réhydratation", POWDER)
FLUTICASONE_CHILD = _drug("Fluticasone 50 microgrammes, inhalation", "R03BA05", "fluticasone", INHALATION, INHALED)
PREDNISOLONE_CHILD = _drug("Prednisolone 20 mg, comprimé orodispersible", "H02AB06", "prednisolone")
FUROSEMIDE = _drug("Furosémide 40 mg, comprimé", "C03CA01", "furosémide")
BISOPROLOL = _drug("Bisoprolol 2,5 mg, comprimé", "C07AB07", "bisoprolol")
APIXABAN = _drug("Apixaban 5 mg, comprimé", "B01AF02", "apixaban")
VITAMIN_D = _drug("Colécalciférol 50 000 UI, ampoule buvable", "A11CC05", "colécalciférol", POWDER)
FOLIC_ACID = _drug("Acide folique 0,4 mg, comprimé", "B03BB01", "acide folique")
ANASTROZOLE = _drug("Anastrozole 1 mg, comprimé", "L02BG03", "anastrozole")
ENOXAPARIN = _drug("Énoxaparine 4 000 UI, seringue préremplie", "B01AB05", "énoxaparine", INJECTION, SUBCUTANEOUS)
PANTOPRAZOLE = _drug("Pantoprazole 20 mg, comprimé", "A02BC02", "pantoprazole")


def _vaccine(name: str, code: str, label: str, protects: str) -> Vaccine:
    return Vaccine(name, Coded(code, ATC, label), protects)


HEXAVALENT = _vaccine(
    "Vaccin hexavalent du nourrisson",
    "J07CA09",
    "diphtérie, tétanos, coqueluche, poliomyélite, Haemophilus, hépatite B",
    "Diphtérie, tétanos, poliomyélite, coqueluche, Haemophilus, hépatite B",
)
PNEUMOCOCCAL_CHILD = _vaccine(
    "Vaccin pneumococcique conjugué", "J07AL02", "vaccin pneumococcique conjugué", "Pneumocoque"
)
MENINGOCOCCAL_C = _vaccine("Vaccin méningococcique C", "J07AH07", "méningocoque C conjugué", "Méningocoque C")
MENINGOCOCCAL_ACWY = _vaccine(
    "Vaccin méningococcique ACWY", "J07AH08", "méningocoques A, C, W, Y", "Méningocoques A, C, W et Y"
)
MMR = _vaccine(
    "Vaccin rougeole, oreillons, rubéole",
    "J07BD52",
    "rougeole, oreillons, rubéole",
    "Rougeole, oreillons, rubéole",
)
DTCAP_POLIO = _vaccine(
    "Vaccin dTcaP-polio",
    "J07CA02",
    "diphtérie, coqueluche, poliomyélite, tétanos",
    "Diphtérie, tétanos, coqueluche, poliomyélite",
)
DT_POLIO = _vaccine(
    "Vaccin dT-polio", "J07CA01", "diphtérie, poliomyélite, tétanos", "Diphtérie, tétanos, poliomyélite"
)
FLU = _vaccine("Vaccin grippal inactivé", "J07BB02", "grippe, antigène inactivé", "Grippe saisonnière")
COVID = _vaccine("Vaccin Covid-19 à ARN messager", "J07BN01", "Covid-19, vaccin à ARN", "Covid-19")
HPV = _vaccine(
    "Vaccin papillomavirus 9-valent",
    "J07BM03",
    "papillomavirus 6, 11, 16, 18 et suivants",
    "Papillomavirus (HPV)",
)
ZOSTER = _vaccine("Vaccin zona recombinant", "J07BK03", "zona, antigène purifié", "Zona")
PNEUMOCOCCAL_ADULT = _vaccine(
    "Vaccin pneumococcique conjugué 20-valent", "J07AL02", "vaccin pneumococcique conjugué", "Pneumocoque"
)

BIOCHEMISTRY = loinc("18719-5", "Biochimie")
HAEMATOLOGY = loinc("18723-7", "Hématologie")
MICROBIOLOGY = loinc("18725-2", "Microbiologie")
SEROLOGY = loinc("18727-8", "Sérologie")


class City:
    """Analyses as the laboratory Bio-Loire makes them: mass units, its own ranges."""

    TSH = Analyte("3016-3", "TSH", "mUI/L", "m[IU]/L", "0.40", "4.00", BIOCHEMISTRY, "chimiluminescence")
    FT4 = Analyte("3024-7", "Thyroxine libre (T4L)", "pg/mL", "pg/mL", "8.9", "17.6", BIOCHEMISTRY)
    TPO = Analyte("8099-4", "Anticorps anti-thyroperoxydase", "UI/mL", "[IU]/mL", None, "35", BIOCHEMISTRY)
    HBA1C = Analyte("4548-4", "HbA1c", "%", "%", "4.0", "6.0", BIOCHEMISTRY, "HPLC")
    GLUCOSE = Analyte("1558-6", "Glycémie à jeun", "g/L", "g/L", "0.74", "1.06", BIOCHEMISTRY)
    CHOLESTEROL = Analyte("2093-3", "Cholestérol total", "g/L", "g/L", None, "2.00", BIOCHEMISTRY)
    LDL = Analyte("13457-7", "Cholestérol LDL", "g/L", "g/L", None, "1.60", BIOCHEMISTRY, "calculé")
    HDL = Analyte("2085-9", "Cholestérol HDL", "g/L", "g/L", "0.50", None, BIOCHEMISTRY)
    TRIGLYCERIDES = Analyte("2571-8", "Triglycérides", "g/L", "g/L", None, "1.50", BIOCHEMISTRY)
    CREATININE = Analyte("2160-0", "Créatinine", "mg/L", "mg/L", "5.0", "9.5", BIOCHEMISTRY)
    EGFR = Analyte("62238-1", "DFG estimé (CKD-EPI)", "mL/min/1,73 m²", "mL/min/{1.73_m2}", "60", None, BIOCHEMISTRY)
    POTASSIUM = Analyte("2823-3", "Potassium", "mmol/L", "mmol/L", "3.5", "5.1", BIOCHEMISTRY)
    FERRITIN = Analyte("2276-4", "Ferritine", "µg/L", "ug/L", "15", "150", BIOCHEMISTRY)
    CRP = Analyte("1988-5", "CRP", "mg/L", "mg/L", None, "5.0", BIOCHEMISTRY)
    ALT = Analyte("1742-6", "ALAT", "UI/L", "U/L", None, "35", BIOCHEMISTRY)
    VITAMIN_D = Analyte("62292-8", "Vitamine D (25-OH)", "ng/mL", "ng/mL", "30", "60", BIOCHEMISTRY)
    ALBUMIN_RATIO = Analyte("9318-7", "Albumine/créatinine urinaire", "mg/g", "mg/g", None, "30", BIOCHEMISTRY)
    PSA = Analyte("2857-1", "PSA total", "ng/mL", "ng/mL", None, "4.0", BIOCHEMISTRY)
    CA_15_3 = Analyte("6875-9", "CA 15-3", "U/mL", "U/mL", None, "30", BIOCHEMISTRY)
    BNP = Analyte("33762-6", "NT-proBNP", "pg/mL", "pg/mL", None, "450", BIOCHEMISTRY)
    HAEMOGLOBIN = Analyte("718-7", "Hémoglobine", "g/dL", "g/dL", "12.0", "16.0", HAEMATOLOGY)
    LEUCOCYTES = Analyte("6690-2", "Leucocytes", "Giga/L", "10*9/L", "4.0", "10.0", HAEMATOLOGY)
    PLATELETS = Analyte("777-3", "Plaquettes", "Giga/L", "10*9/L", "150", "400", HAEMATOLOGY)
    MCV = Analyte("787-2", "Volume globulaire moyen", "fL", "fL", "80", "98", HAEMATOLOGY)


class Hospital:
    """The same questions at the hospital's laboratory: substance units, other ranges."""

    TSH = Analyte("3016-3", "TSH", "mUI/L", "m[IU]/L", "0.27", "4.20", BIOCHEMISTRY, "électrochimiluminescence")
    FT4 = Analyte("14920-3", "Thyroxine libre (T4L)", "pmol/L", "pmol/L", "12.0", "22.0", BIOCHEMISTRY)
    HBA1C = Analyte("59261-8", "HbA1c (IFCC)", "mmol/mol", "mmol/mol", "20", "42", BIOCHEMISTRY)
    HBA1C_PERCENT = Analyte("4548-4", "HbA1c", "%", "%", "4.0", "5.7", BIOCHEMISTRY, "immunoturbidimétrie")
    GLUCOSE = Analyte("14771-0", "Glycémie à jeun", "mmol/L", "mmol/L", "3.9", "5.5", BIOCHEMISTRY)
    CHOLESTEROL = Analyte("14647-2", "Cholestérol total", "mmol/L", "mmol/L", None, "5.2", BIOCHEMISTRY)
    LDL = Analyte("39469-2", "Cholestérol LDL", "mmol/L", "mmol/L", None, "4.1", BIOCHEMISTRY, "calculé")
    HDL = Analyte("14646-4", "Cholestérol HDL", "mmol/L", "mmol/L", "1.2", None, BIOCHEMISTRY)
    TRIGLYCERIDES = Analyte("14927-8", "Triglycérides", "mmol/L", "mmol/L", None, "1.7", BIOCHEMISTRY)
    CREATININE = Analyte("14682-9", "Créatinine", "µmol/L", "umol/L", "45", "84", BIOCHEMISTRY)
    EGFR = City.EGFR
    POTASSIUM = Analyte("2823-3", "Potassium", "mmol/L", "mmol/L", "3.4", "4.5", BIOCHEMISTRY)
    CRP = Analyte("1988-5", "CRP", "mg/L", "mg/L", None, "4.0", BIOCHEMISTRY)
    TROPONIN = Analyte("67151-1", "Troponine T ultrasensible", "ng/L", "ng/L", None, "14", BIOCHEMISTRY)
    ALT = Analyte("1742-6", "ALAT", "UI/L", "U/L", None, "33", BIOCHEMISTRY)
    BILIRUBIN = Analyte("14631-6", "Bilirubine totale", "µmol/L", "umol/L", None, "21", BIOCHEMISTRY)
    HAEMOGLOBIN = Analyte("718-7", "Hémoglobine", "g/dL", "g/dL", "11.5", "15.5", HAEMATOLOGY)
    LEUCOCYTES = Analyte("6690-2", "Leucocytes", "Giga/L", "10*9/L", "3.9", "10.5", HAEMATOLOGY)
    PLATELETS = Analyte("777-3", "Plaquettes", "Giga/L", "10*9/L", "150", "450", HAEMATOLOGY)


_MEN = {
    City.HAEMOGLOBIN: ("13.0", "17.0"),
    City.CREATININE: ("7.0", "12.0"),
    City.FERRITIN: ("30", "300"),
    City.HDL: ("0.40", None),
    City.ALT: (None, "45"),
    Hospital.CREATININE: ("59", "104"),
    Hospital.HAEMOGLOBIN: ("13.0", "17.0"),
    Hospital.HDL: ("1.0", None),
    Hospital.ALT: (None, "41"),
}


def for_sex(result: Result | Finding, sex: str) -> Result | Finding:
    """The ranges above are of women: laboratories print others for men."""
    if sex != "M" or isinstance(result, Finding) or result.analyte not in _MEN:
        return result
    low, high = _MEN[result.analyte]
    return replace(result, analyte=replace(result.analyte, low=low, high=high))


def weight(value: str) -> Measure:
    return Measure("29463-7", "Poids", value, "kg", "kg")


def height(value: str) -> Measure:
    return Measure("8302-2", "Taille", value, "cm", "cm")


def head(value: str) -> Measure:
    return Measure("8287-5", "Périmètre crânien", value, "cm", "cm")


def bmi(value: str) -> Measure:
    return Measure("39156-5", "Indice de masse corporelle", value, "kg/m²", "kg/m2")


def pulse(value: str) -> Measure:
    return Measure("8867-4", "Fréquence cardiaque", value, "/min", "/min")


def temperature(value: str) -> Measure:
    return Measure("8310-5", "Température", value, "°C", "Cel")


def pressure(systolic: str, diastolic: str) -> tuple[Measure, Measure]:
    return (
        Measure("8480-6", "Pression artérielle systolique", systolic, "mmHg", "mm[Hg]"),
        Measure("8462-4", "Pression artérielle diastolique", diastolic, "mmHg", "mm[Hg]"),
    )


def icd(code: str, display: str) -> Coded:
    return Coded(code, ICD10, display)
