"""Code systems that the builders write, and their names."""

from __future__ import annotations

from typing import Final

from carnet.formats.entry import Coded
from carnet.formats.terminology.systems import A05, LOINC

__all__ = [
    "A05",
    "ACT_CODE",
    "ATC",
    "CCAM",
    "DICOM",
    "EDQM",
    "GENDER",
    "ICD10",
    "INTERPRETATION",
    "LOINC",
    "SNOMED",
    "SYSTEM_NAMES",
    "loinc",
]

ATC: Final = "2.16.840.1.113883.6.73"
ICD10: Final = "2.16.840.1.113883.6.3"
CCAM: Final = "1.2.250.1.215.300.1"
EDQM: Final = "0.4.0.127.0.16.1.1.2.1"
SNOMED: Final = "2.16.840.1.113883.6.96"
ACT_CODE: Final = "2.16.840.1.113883.5.4"
GENDER: Final = "2.16.840.1.113883.5.1"
INTERPRETATION: Final = "2.16.840.1.113883.5.83"
DICOM: Final = "1.2.840.10008.2.16.4"

SYSTEM_NAMES: Final = {
    LOINC: "LOINC",
    A05: "TRE_A05",
    ATC: "ATC",
    ICD10: "CIM-10",
    CCAM: "CCAM",
    EDQM: "EDQM",
    SNOMED: "SNOMED CT",
    DICOM: "DCM",
}


def loinc(code: str, display: str) -> Coded:
    return Coded(code, LOINC, display)
