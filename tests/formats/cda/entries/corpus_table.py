"""What each document of the corpus gives, beside what an independent XPath counts in it, and why the two differ.

The XPaths are those of the interoperability reference (section e), for the templates that it names. `Row.found` is
what is read by kind, `Row.counted` what the XPath of that kind counts; a kind for which the two differ has its reason.
`Row.left`: coded observations that happened and that no kind claims, by the code of their section (`LEFT` says why)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

__all__ = ["LEFT", "ROWS", "Row"]

_CODED_RESULTS = "the section of results holds {} more answers to examinations named in LOINC or CCAM"
_SUMMARY_RESULTS = "the patient summary has a template of its own for a result"
_GENES = "five genes in the section of results, in the template of pathology (variants are their parts), and a remark"
_REMARKS = "remarks on whole batteries or chapters, which no single result bears: {}"
_BIRTH = "measures of the newborn, in the section of the newborn: they are no present weight or height"
_MOTHER = "the mother's pregnancy in her child's certificate: conditions of birth"
_LABOUR = "labour and delivery, told by simple observations: three of the mother"
_EYES = "refraction, keratometry and visual acuity, in templates of their own"


@dataclass(frozen=True, slots=True)
class Row:
    found: dict[str, int] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)


def _alike(left: dict[str, int] | None = None, **numbers: int) -> Row:
    return Row(numbers, numbers, {}, left or {})


LEFT: Final = {
    "10218-6": "the report of an operation, pointed to",
    "101792-0": "the kind of an attached file",
    "11329-0": "words of a request for an image, under the code of their own section",
    "18733-6": "phase and course of a cancer: parts of its description",
    "18776-5": "a decision of the programme of care",
    "21874-3": "whether a meeting had its quorum and its file",
    "22634-0": "what the specimen is: no result",
    "22637-3": "the conclusion names again the genes of the results",
    "30954-2": "consents, indications and parts of a description, in national codes or as diagnoses held true or false",
    "33557-0": "the state of the document itself",
    "34895-3": "what the patient was told or given",
    "35510-7": "the frame of a proposal of treatment",
    "42348-3": "advance directives: the patient's will, which has its own place",
    "42349-1": "the reason of a visit or of a meeting",
    "42545-4": "events and measures of a stay, as yes or no, outside the sections of labour and of the newborn",
    "46264-8": "glasses and prostheses told as yes or no",
    "47420-5": "the hour of the last meal",
    "50397-9": "the report of a genetic analysis, pointed to",
    "55107-7": "the kind of an attached file",
    "55108-5": "the kind of an attached file",
    "70939-4": "lenses prescribed and delivered: an order, not what was measured",
    "73569-6": "the dose of rays of an image and, by a template of imaging, whether a pregnancy was known then",
    "89201-8": "how the analysis was made",
    "GEN-168": "the days of the rare-disease file",
    "GEN-369": "consents to research",
}

_COPY: Final = {"55108-5": 1}

ROWS: Final[dict[str, Row]] = {
    "01_Modèles_contenus_CDA.xml": Row(
        {"measure": 2, "pregnancy": 3, "function": 2, "social": 4},
        {"measure": 2, "pregnancy": 3, "function": 2, "social": 4},
        left={"42348-3": 7},
    ),
    "ANEST-CR-ANEST_2022.01.xml": _alike({"42545-4": 2, "55107-7": 1}, measure=2),
    "AVC-AUNV_2022.01.xml": Row(
        {"result": 25, "measure": 9, "function": 3, "social": 2},
        {"result": 18, "measure": 9, "social": 2},
        {"result": _CODED_RESULTS.format("seven"), "function": "Rankin, Glasgow and NIHSS, in sections of their own"},
        {"33557-0": 1, "42349-1": 1, "42545-4": 10},
    ),
    "AVC-SUNV_2022.01.xml": Row(
        {"result": 2},
        {},
        {"result": _CODED_RESULTS.format("two")},
        {"30954-2": 6, "33557-0": 1, "42545-4": 1},
    ),
    "BIO-CR-BIO_2021.01_Auto-Presentable.xml": _alike(result=11),
    "BIO-CR-BIO_2021.01_CDA-R2-Niveau-1.xml": Row(),
    "BIO-CR-BIO_2024.01_CR-2nde-intention-PDF.xml": _alike({"101792-0": 1, "55108-5": 1}, result=1),
    "BIO-CR-BIO_2024.01_CRP_non_LOINC.xml": _alike(_COPY, result=1),
    "BIO-CR-BIO_2024.01_Electrophorese.xml": Row(
        {"result": 47}, {"result": 44}, {"result": _REMARKS.format("three")}, _COPY
    ),
    "BIO-CR-BIO_2024.01_Microbiologie_V1.xml": Row(
        {"result": 15}, {"result": 14}, {"result": _REMARKS.format("one")}, _COPY
    ),
    "BIO-CR-BIO_2024.01_Microbiologie_V2.xml": Row(
        {"result": 15}, {"result": 14}, {"result": _REMARKS.format("one")}, _COPY
    ),
    "BIO-CR-BIO_2024.01_TSH_1.xml": _alike(_COPY, result=2),
    "BIO-CR-BIO_2024.01_TSH_2.xml": _alike(_COPY, result=2),
    "BIO-TROD_2024.01_COVID-19_Grippe-A_Grippe-B.xml": _alike(result=3),
    "CANCER-CR-GM_2022.01_AnalyseRealisee.xml": Row(
        {"result": 10},
        {"result": 4},
        {"result": _GENES},
        {"22634-0": 6, "22637-3": 7, "33557-0": 1, "89201-8": 14},
    ),
    "CANCER-D2LM-FIDD_2022.01.xml": _alike({"30954-2": 22, "55107-7": 2}),
    "CANCER-FRCP_2022.01_Appareil.xml": Row(
        {"function": 3},
        {"function": 1},
        {"function": "a score of pain and one of depression in old age, in templates of their own"},
        {
            "10218-6": 1,
            "18733-6": 2,
            "21874-3": 2,
            "30954-2": 1,
            "33557-0": 1,
            "35510-7": 2,
            "42349-1": 1,
            "42545-4": 1,
            "50397-9": 1,
        },
    ),
    "CANCER-PPS_2022.01_feuille-de-style-externe.xml": _alike(
        {"18733-6": 2, "18776-5": 1, "33557-0": 4, "42349-1": 1, "42545-4": 1}, measure=1, social=1
    ),
    "CARD-F-PRC-AVK_2022.01.xml": Row({"result": 3}, {}, {"result": _CODED_RESULTS.format("three")}, {"34895-3": 1}),
    "CARD-F-PRC-TAP_2022.01.xml": Row(),
    "CNAM-HR_2021.01.xml": Row(),
    "CSE-CS24_2025.01.xml": Row(
        {"measure": 4, "function": 3, "social": 12},
        {"measure": 4, "social": 12},
        {"function": "the psychomotor development of the child, in a section of its own"},
    ),
    "CSE-CS8_2024.01.xml": Row(
        {"birth": 36, "social": 11},
        {"measure": 6, "pregnancy": 16, "social": 11},
        {
            "measure": _BIRTH,
            "pregnancy": _MOTHER,
            "birth": "those six and sixteen, five examinations before birth, eight facts of the delivery, a transfer",
        },
    ),
    "CSE-MDE_2023.01.xml": _alike(measure=3),
    "DLU-EHPAD-FLUDR_2022.01.xml": _alike({"42545-4": 1, "46264-8": 6, "55107-7": 2}),
    "DLU-EHPAD-FLUDT_2022.01.xml": _alike({"30954-2": 3, "42545-4": 1, "46264-8": 6, "47420-5": 1}, measure=5),
    "DOC_NON_STRUCTURE_CDA-R2-N1.xml": Row(),
    "IMG-DA-IMG_2024.01_Mammo-Echo-Seins.xml": _alike({"11329-0": 4, "34895-3": 1, "55107-7": 1}),
    "IMG-DA-IMG_2024.01_Radiographie_ChevilleGenou.xml": _alike({"11329-0": 3, "34895-3": 1, "55107-7": 1}),
    "IMG_CR_IMG_2024.01.xml": _alike({"11329-0": 3, "55107-7": 1, "73569-6": 8}),
    "IMG_CR_IMG_2024.01_CDA-R2-Niveau-1.xml": Row(),
    "IPS-FR_2024.01.xml": Row(
        {"result": 2, "measure": 2, "pregnancy": 4, "function": 3, "social": 4},
        {"measure": 2, "pregnancy": 4, "function": 3, "social": 4},
        {"result": _SUMMARY_RESULTS},
        {"42348-3": 7, "55107-7": 2},
    ),
    "LDL-EES_2022.01.xml": Row(),
    "LDL-SES_2022.01.xml": _alike({"33557-0": 1, "42545-4": 10}),
    "OBP-SAP_2024.01.xml": _alike({"33557-0": 1}, result=1, measure=3, pregnancy=13, social=3),
    "OBP-SNM_2024.01.xml": Row({"pregnancy": 3}, {}, {"pregnancy": _LABOUR}, {"33557-0": 1, "55107-7": 1}),
    "OPH-BRE_2022.02.xml": Row({"measure": 32}, {}, {"measure": _EYES}, {"42349-1": 1, "70939-4": 129}),
    "SDM-MR_2022.01.xml": Row(
        {"birth": 5},
        {"measure": 3},
        {"measure": _BIRTH, "birth": "those three, the term and the malformations"},
        {"30954-2": 4, "GEN-168": 2},
    ),
    "SDM-MR_2024.01_nouveau-ne.xml": Row(
        {"birth": 4},
        {"measure": 3},
        {"measure": _BIRTH, "birth": "those three and the term"},
        {"GEN-168": 2, "GEN-369": 4},
    ),
    "TLM-CR_2022.01.xml": Row(),
    "TLM-DA_2022.01_TCG.xml": _alike({"55107-7": 1}, measure=3, pregnancy=6),
    "VAC-NOTE_2023.01.xml": Row(),
    "VAC_2023.01.xml": Row(),
    "VSM_1.4_2022.01.xml": _alike(social=2),
    "eDISP-MED_2024.01.xml": Row(),
    "eP-MED-DM_2022.01_PosoNonStruct.xml": _alike(measure=2, pregnancy=1),
    "eP-MED-DM_2024.01_PosoStruct.xml": _alike(_COPY, measure=2, pregnancy=1),
}
