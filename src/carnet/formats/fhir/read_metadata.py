"""The metadata of a DocumentReference that is published, read into an entry.

What both ways to publish share (interoperability reference, a.3), with the tolerance of section g: no custodian is a
warning, masterIdentifier needs no type, conditional references are as good as literal ones, the class follows from
the type. Nothing of what is refused is repeated in a message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from carnet.formats.entry import Author, Coded, DocumentEntry, Organisation, Period
from carnet.formats.fhir import identifiers, read_relations, read_subject
from carnet.formats.fhir.node import Node
from carnet.formats.fhir.read_people import Contained, coded
from carnet.formats.fhir.read_subject import Subject
from carnet.formats.terminology import document_types, labels, systems

__all__ = ["NEVER", "MetadataReader", "document_type", "kinds", "media_type"]

_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+\-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+\-]{0,126}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")
_SEVERITY_OF_BASE: Final = "NRV"
# The place of a moment that has a problem.
NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MetadataReader:
    root: Node
    content_node: Node
    attachment: Node
    context: Node
    contained: Contained
    strict: bool

    @classmethod
    def of(cls, root: Node, *, strict: bool) -> MetadataReader:
        content = root.only("content", required=True)
        attachment = content.child("attachment", required=True)
        return cls(root, content, attachment, root.child("context"), Contained.of(root), strict)

    # The metadata

    def entry(self, subject: Subject, replaces: tuple[str, ...]) -> DocumentEntry:
        """Has values of no meaning in the places that have a problem."""
        unique_id, kind = self._unique_id(), document_type(self.root)
        media = media_type(self.attachment)
        self._check_identifiers(unique_id)
        base, visibility = self._labels()
        return DocumentEntry(
            unique_id=unique_id,
            type=kind,
            title=self.attachment.text("title", required=True),
            created=self._created(),
            media_type=media,
            patient=read_subject.traits(self.root, self.contained, subject),
            category=self._class(kind),
            format=self._format(media),
            language=self._language(),
            confidentiality=base,
            labels=visibility,
            authors=self._authors(),
            authenticator=self._authenticator(),
            custodian=self._custodian(),
            events=self._events(),
            period=self._period(),
            facility=coded(self.context.child("facilityType")),
            setting=coded(self.context.child("practiceSetting")),
            references=read_relations.references(self.context),
            replaces=replaces,
        )

    def _unique_id(self) -> str:
        node = self.root.child("masterIdentifier", required=True)
        system, value = node.text("system"), node.text("value", required=True)
        found = (identifiers.unique_id(system, value) if value else None) or ""
        if value and not found:
            node.problem("master-identifier-form")
        if found and value.lower().startswith("urn:uuid:") and not identifiers.is_uuid(found):
            node.problem("master-identifier-unusual", "value")
        return found

    def _check_identifiers(self, unique_id: str) -> None:
        for node in self.root.children("identifier"):
            if "entryUUID" in kinds(node):
                node.problem("entry-uuid-given")
            elif identifiers.unique_id(node.text("system"), node.text("value")) != unique_id:
                node.problem("element-not-kept")

    def _class(self, kind: Coded) -> Coded | None:
        derived = document_types.class_of(kind.code, kind.system)
        given = coded(self.root.only("category", excess="warning"), systems.A03)
        if derived is None:
            return given
        if given and given.code != derived.code:
            self.root.problem("class-derived", "category[0]")
        return derived

    def _created(self) -> datetime:
        stated = self.root.moment("date", required=not self.attachment.has("creation"))
        return self.attachment.moment("creation") or stated or NEVER

    def _language(self) -> str:
        text = self.attachment.text("language")
        if text and not _LANGUAGE.fullmatch(text):
            self.attachment.problem("value-type", "language", "Un code de langue est attendu, comme fr-FR.")
        return text or "fr-FR"

    def _format(self, media_type: str) -> Coded:
        node = self.content_node.child("format")
        code = node.text("code")
        if not code:
            return document_types.default_format(media_type)
        return Coded(code, systems.to_oid(node.text("system")), node.text("display"))

    def _labels(self) -> tuple[Coded | None, frozenset[str]]:
        codes = [self._label(node) for node in self.root.children("securityLabel")]
        bases = [code for code in codes if labels.is_base(code)]
        # Of several base labels the most restrictive holds.
        base = max(bases, key=_SEVERITY_OF_BASE.index) if bases else None
        visible = labels.codes_of(labels.mask_of(codes))
        return (labels.base(base) if base else None), frozenset(visible)

    def _label(self, node: Node) -> str:
        codes = [each.text("code") for each in node.children("coding")]
        for code in codes:
            if labels.coded(code):
                return code
        # A label that is not understood may hide something: the document is not taken without it.
        node.problem("label-unknown")
        return ""

    # The people

    def _authors(self) -> tuple[Author, ...]:
        found = [self.contained.author(each) for each in self.root.children("author", required=True)]
        return tuple(author for author in found if author)

    def _authenticator(self) -> Author | None:
        reference = self.root.child("authenticator")
        return self.contained.author(reference) if reference else None

    def _custodian(self) -> Organisation | None:
        reference = self.root.child("custodian")
        if not reference:
            self.root.problem("custodian-missing", "custodian", severity="error" if self.strict else "")
            return None
        found = self.contained.organisation(reference)
        if found is None:
            reference.problem("author-unresolved")
        return found

    # The circumstances

    def _events(self) -> tuple[Coded, ...]:
        found = [coded(each) for each in self.context.children("event")]
        return tuple(each for each in found if each)

    def _period(self) -> Period:
        node = self.context.child("period")
        return Period(node.moment("start"), node.last_moment("end"))


def kinds(identifier: Node) -> set[str]:
    """The codes of its type: uniqueId and entryUUID are MHD's."""
    return {each.text("code") for each in identifier.child("type").children("coding")}


def document_type(holder: Node) -> Coded:
    """The known type in `type`, an empty code with a problem when there is none."""
    node = holder.child("type", required=True)
    for each in node.children("coding"):
        found = document_types.by_code(each.text("code"), each.text("system"))
        if found and each.text("system"):
            return Coded(found.code, found.system, each.text("display") or found.display)
    if not node.absent:
        node.problem("type-unknown")
    return Coded("")


def media_type(node: Node) -> str:
    """`contentType` without parameters, "" when it is missing or none."""
    text = node.text("contentType", required=True)
    bare = text.partition(";")[0].strip().lower()
    if text and not _MEDIA_TYPE.fullmatch(bare):
        node.problem("value-type", "contentType", "Un type de média est attendu.")
        return ""
    # PDSm4DMP writes application/xml for the CDA that XDS calls text/xml: one name here.
    return "text/xml" if bare == "application/xml" else bare
