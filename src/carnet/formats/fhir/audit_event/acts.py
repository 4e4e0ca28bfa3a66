"""What each action of the trail is in the words of FHIR: a RESTful interaction, or breaking the glass."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

__all__ = ["DCM", "REST", "Act", "Coding", "act_of"]

DCM: Final = "http://dicom.nema.org/resources/ontology/DCM"
REST: Final = "http://terminology.hl7.org/CodeSystem/audit-event-type"
_INTERACTION: Final = "http://hl7.org/fhir/restful-interaction"


class Coding(NamedTuple):
    system: str
    code: str
    display: str


class Act(NamedTuple):
    """`action` is one of FHIR's five letters."""

    type: Coding
    subtype: Coding
    action: Literal["C", "R", "U", "D", "E"]


_RESTFUL: Final = Coding(REST, "rest", "RESTful Operation")


def _restful(code: str, action: Literal["C", "R", "U", "D", "E"]) -> Act:
    return Act(_RESTFUL, Coding(_INTERACTION, code, code), action)


_READ: Final = _restful("read", "R")
_QUERY: Final = _restful("search-type", "E")
_CREATE: Final = _restful("create", "C")
_UPDATE: Final = _restful("update", "U")
_DELETE: Final = _restful("delete", "D")
_OTHERWISE: Final = _restful("operation", "E")
_GLASS: Final = Act(Coding(DCM, "110113", "Security Alert"), Coding(DCM, "110127", "Emergency Override Started"), "E")


def _each(act: Act, *actions: str) -> dict[str, Act]:
    return dict.fromkeys(actions, act)


_ACTS: Final[Mapping[str, Act]] = MappingProxyType(
    {
        **_each(
            _READ,
            "alert-read",
            "carers-read",
            "confidentiality-read",
            "disputes-read",
            "document-open",
            "document-page",
            "handed-read",
            "document-read",
            "subscription-told",
            "everything-read",
            "export-taken",
            "life-looked-up",
            "life-read",
            "family-looked-up",
            "parent-case-read",
            "parent-proof-read",
            "parents-read",
            "record-read",
            "standing-read",
            "summary-deposited",
            "summary-read",
            "uses-read",
        ),
        **_each(
            _QUERY,
            "account-looked-up",
            "audit-show",
            "book-read",
            "documents-list",
            "documents-search",
            "entries-list",
            "entries-search",
            "new-since-read",
            "folders-read",
            "masks-read",
            "preview",
            "preview-counts",
            "record-existence",
            "trail-read",
        ),
        **_each(
            _CREATE,
            "access-disputed",
            "app-let-in",
            "attending",
            "authorise",
            "block",
            "carer-accepted",
            "carer-added",
            "carer-invited",
            "certificate-signed",
            "child-against",
            "child-agrees",
            "child-unasked",
            "declare",
            "document-deposit",
            "entry-stated",
            "fact-reported",
            "note-reported",
            "document-deposit-again",
            "document-handed",
            "document-reported",
            "entries-extracted",
            "entry-code-asked",
            "entry-code-confirmed",
            "erasing-proposed",
            "erasing-confirmed",
            "traits-proposed",
            "traits-confirmed",
            "entry-code-given",
            "entry-code-texted",
            "entry-number-asked",
            "entry-code-tried",
            "entry-code-used",
            "export-asked",
            "guardian-asked",
            "identity-asked",
            "identity-confirmed",
            "mask-add",
            "opposition-tried",
            "parent-answered",
            "parent-invited",
            "record-created",
            "record-informed",
            "record-unopened",
            "representation-added",
            "subscription-made",
        ),
        **_each(
            _UPDATE,
            "account-deactivated",
            "app-put-out",
            "account-disowned",
            "account-linked",
            "account-reactivated",
            "account-sessions-ended",
            "alert-seen",
            "attending-ended",
            "block-ended",
            "block-to-end",
            "disowned-closed",
            "entry-code-called-off",
            "disowned-removed",
            "disowned-restored",
            "choose-emergency",
            "document-archived",
            "entry-amended",
            "fact-report-taken-back",
            "note-report-taken-back",
            "profile-arranged",
            "document-change",
            "document-classified",
            "document-hidden-from-patient",
            "document-hidden-from-representatives",
            "document-masked",
            "document-place",
            "document-report-taken-back",
            "document-restored",
            "document-shown-to-patient",
            "document-shown-to-representatives",
            "document-superseded",
            "document-unmasked",
            "document-withdrawn",
            "emergencies-seen",
            "folders-changed",
            "heirs-granted",
            "heirs-refused",
            "identity-linked",
            "mask-end",
            "documents-joined",
            "number-changed",
            "traits-completed",
            "record-joined",
            "record-active",
            "record-closed",
            "record-death-undone",
            "record-deceased",
            "record-erasing-asked",
            "record-erasing-withdrawn",
            "record-opposed",
            "record-reopened",
            "record-resumed",
            "record-suspended",
            "carer-cancelled",
            "carer-changed",
            "carer-ended",
            "carer-left",
            "carer-refused",
            "parent-cancelled",
            "parent-declined",
            "parent-expired",
            "parent-refused",
            "parent-took-back",
            "representation-ended",
            "review-closed",
            "shelf-changed",
            "subscription-ended",
            "unblock",
            "uses-chosen",
            "withdraw",
        ),
        **_each(
            _DELETE, "document-taken-back", "entries-dropped", "entry-retracted", "export-dropped", "record-erased"
        ),
        **_each(_GLASS, "break-glass"),
    }
)


def act_of(action: str) -> Act:
    """An operation, for what has no nearer word."""
    return _ACTS.get(action, _OTHERWISE)
