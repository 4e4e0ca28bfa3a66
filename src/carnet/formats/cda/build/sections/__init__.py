"""Sections of documents: the narrative people read, and beside it the entries software reads."""

from __future__ import annotations

from carnet.formats.cda.build.sections.history import allergies, measures, past_history, problems, procedures
from carnet.formats.cda.build.sections.laboratory import laboratory
from carnet.formats.cda.build.sections.medicines import dispensation, prescription, treatments, vaccination
from carnet.formats.cda.build.sections.prose import conclusion, course, findings, letter, plan, prose, reason
from carnet.formats.cda.build.sections.reports import imaging, reimbursed

__all__ = [
    "allergies",
    "conclusion",
    "course",
    "dispensation",
    "findings",
    "imaging",
    "laboratory",
    "letter",
    "measures",
    "past_history",
    "plan",
    "prescription",
    "problems",
    "procedures",
    "prose",
    "reason",
    "reimbursed",
    "treatments",
    "vaccination",
]
