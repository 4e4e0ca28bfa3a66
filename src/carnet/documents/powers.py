"""Who may do what to a stored document. Pure.

Sources: R1111-47 and R1111-49 (the holder masks, the author keeps his power), R1111-50 (a minor's secret), R1111-53
(announcement by the author), PDSm4DMP TD3.3a to TD3.3d; dmp_rules 2.5, 4.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from carnet.consent.rules import As
from carnet.formats.fhir.patch import Change


class Act(StrEnum):
    """As it stands in the trail."""

    MASK = "document-masked"
    UNMASK = "document-unmasked"
    HIDE_FROM_PATIENT = "document-hidden-from-patient"
    SHOW_TO_PATIENT = "document-shown-to-patient"
    HIDE_FROM_REPRESENTATIVES = "document-hidden-from-representatives"
    SHOW_TO_REPRESENTATIVES = "document-shown-to-representatives"
    CLASSIFY = "document-classified"
    ARCHIVE = "document-archived"
    RESTORE = "document-restored"
    WITHDRAW = "document-withdrawn"


class Cause(StrEnum):
    """Why a document that was read no longer stands."""

    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    WRONG_PATIENT = "wrong-patient"


_HOLDER: Final = frozenset({As.HOLDER, As.REPRESENTATIVE})
_CARE: Final = frozenset({As.ATTENDING, As.COORDINATING, As.ADMINISTRATOR, As.AUTHORISED, As.TEAM, As.DEPUTY})
_ADDED: Final = {
    "MASQUE_PS": Act.MASK,
    "INVISIBLE_PATIENT": Act.HIDE_FROM_PATIENT,
    "INVISIBLE_REPRESENTANTS_LEGAUX": Act.HIDE_FROM_REPRESENTATIVES,
}
_REMOVED: Final = {
    "MASQUE_PS": Act.UNMASK,
    "INVISIBLE_PATIENT": Act.SHOW_TO_PATIENT,
    "INVISIBLE_REPRESENTANTS_LEGAUX": Act.SHOW_TO_REPRESENTATIVES,
}


def acts_of(asked: Change, *, suspected: bool = False) -> tuple[Act, ...]:
    """The acts that a change consists of; to confirm a suspected secret is one, though no label changes."""
    acts = [_ADDED[label] for label in sorted(asked.add)] + [_REMOVED[label] for label in sorted(asked.remove)]
    if asked.base is not None:
        acts.append(Act.CLASSIFY)
    if asked.archived is not None:
        acts.append(Act.ARCHIVE if asked.archived else Act.RESTORE)
    if asked.withdraw:
        acts.append(Act.WITHDRAW)
    if suspected and not acts:
        acts.append(Act.HIDE_FROM_REPRESENTATIVES)
    return tuple(acts)


def may(act: Act, standing: As, *, own: bool, secrecy: str = "") -> bool:
    """`own`: deposited or written by who acts; `secrecy` as `documents.models.Secrecy` has it."""
    if standing is As.CARER:
        # Who helps decides for nobody who sees what; what they added themselves they take back.
        return act is Act.WITHDRAW and own
    match act:
        case Act.MASK | Act.UNMASK:
            # The holder at any time; a professional who may read it, or its author, at the holder's request.
            return own or standing in _HOLDER | _CARE
        case Act.ARCHIVE | Act.RESTORE:
            return own or standing in _HOLDER or standing is As.ATTENDING
        case Act.HIDE_FROM_REPRESENTATIVES:
            # The minor, or the professional at the minor's request; not a parent what they added, from the other one.
            return standing is As.HOLDER or (own and standing is not As.REPRESENTATIVE)
        case Act.SHOW_TO_REPRESENTATIVES:
            # What is secret by its tie to another's act is not its depositor's to open.
            return standing is As.HOLDER or (own and standing is not As.REPRESENTATIVE and secrecy != "linked")
        case Act.WITHDRAW:
            return own or standing is As.STEWARD
        case Act.HIDE_FROM_PATIENT | Act.SHOW_TO_PATIENT:
            # Until the announcement, by the professional who makes it; what a person adds waits for none.
            return own and standing not in _HOLDER
        case Act.CLASSIFY:
            return own
