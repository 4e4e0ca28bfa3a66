"""Masked to the professionals and withheld from the patient at once: nobody but its author, and whoever sees what is
masked, would read such a document. The guide refuses it unless a parameter of the installation
(`cumul-invisible_patient-masque_ps`) allows it: here the setting `masked_and_withheld`."""

from __future__ import annotations

from carnet.consent import switches
from carnet.documents.rules import DepositRefused, Fault, excludes_everyone
from carnet.formats.terminology import labels


def allowed() -> bool:
    return switches.value("masked_and_withheld")


def refused(bits: int) -> bool:
    """The setting is looked up for who asks for both alone."""
    return excludes_everyone(bits) and not allowed()


def label_bits(names: frozenset[str]) -> int:
    """Raises `DepositRefused`."""
    bits = labels.mask_of(names)
    if refused(bits):
        raise DepositRefused(Fault.LABELS_EXCLUDE_EVERYONE)
    return bits
