"""The documents whose entries mean something else than elsewhere."""

from __future__ import annotations

from typing import Final

from lxml import etree

from carnet.formats.cda.nodes import attribute, children
from carnet.formats.cda.xml import HL7

__all__ = ["is_history_of_reimbursements"]

_HISTORY: Final = "1.2.250.1.213.1.1.1.36"


def is_history_of_reimbursements(body: etree._Element) -> bool:
    """CNAM-HR: what the health insurance paid for, which is not yet what was taken."""
    document = next(body.iterancestors(HL7 + "ClinicalDocument"), None)
    return any(attribute(each, "root") == _HISTORY for each in children(document, "templateId"))
