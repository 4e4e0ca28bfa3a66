"""Where a professional goes on from the first view of a record: each way for who may take it."""

from __future__ import annotations

from carnet.consent.standing import Standing
from carnet.health import synthesis
from carnet.web.pro.visit import Visit

__all__ = ["ways"]


def ways(visit: Visit, stands: Standing, *, reads: bool) -> dict[str, str]:
    """Addresses by what is done there, "" for what is not theirs to do. Notes are put in without a right to read, as
    documents are."""
    base, deposits = visit.address, stands.deposit.granted
    return {
        "noter": f"{base}/noter" if deposits and stands.notes else "",
        "synthese": f"{base}/synthese" if reads and deposits and synthesis.is_author(visit.actor) else "",
        "documents": f"{base}/documents" if reads else "",
    }
