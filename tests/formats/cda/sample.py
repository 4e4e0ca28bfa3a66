"""Small CDA documents made by code: a correct one, and any part of it replaced."""

from __future__ import annotations

import base64

__all__ = ["HEADER", "PDF", "cda", "level1", "level3", "section"]

PDF = b"%PDF-1.4 a small file"

HEADER = {
    "templates": '<templateId root="1.2.250.1.213.1.1.1.1"/><templateId root="1.2.250.1.213.1.1.1.55"/>',
    "id": '<id root="1.2.3.4" extension="D1"/>',
    "code": '<code code="11502-2" codeSystem="2.16.840.1.113883.6.1" displayName="CR de biologie"/>',
    "title": "<title>Bilan\n    sanguin</title>",
    "time": '<effectiveTime value="20240105093000+0100"/>',
    "confidentiality": '<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>',
    "language": '<languageCode code="fr-FR"/>',
    "set": '<setId root="1.2.3.4.5"/><versionNumber value="3"/>',
    "patient": """<recordTarget><patientRole>
        <id root="1.2.250.1.213.1.4.10" extension="279035121518989"/>
        <id root="1.2.3.9" extension="IPP7"/>
        <patient><name>
          <family qualifier="BR">DURAND</family><family qualifier="CL">MARTIN</family>
          <given>ANNE MARIE</given><given qualifier="BR">ANNE</given><given qualifier="CL">ANNIE</given></name>
          <administrativeGenderCode code="F"/><birthTime value="19790328"/>
          <birthplace><place><addr><county>51215</county></addr></place></birthplace>
        </patient></patientRole></recordTarget>""",
    "author": """<author><functionCode displayName="Rédacteur"/><time value="202401050925+0100"/><assignedAuthor>
        <id root="1.2.250.1.71.4.2.1" extension="810001001014"/>
        <code code="G15_10/SM26" codeSystem="1.2.250.1.213.1.1.4.5" displayName="Médecin généraliste"/>
        <assignedPerson><name><prefix>M</prefix><given>Paul</given><family>PETIT</family></name></assignedPerson>
        <representedOrganization><id root="1.2.250.1.71.4.2.2" extension="1750803447"/><name>Cabinet</name>
        </representedOrganization></assignedAuthor></author>""",
    "custodian": """<custodian><assignedCustodian><representedCustodianOrganization>
        <id root="1.2.250.1.71.4.2.2" extension="1120456789"/><name>Clinique</name>
        </representedCustodianOrganization></assignedCustodian></custodian>""",
    "authenticator": """<legalAuthenticator><time value="20240105"/><assignedEntity>
        <id root="1.2.250.1.71.4.2.1" extension="810001001014"/></assignedEntity></legalAuthenticator>""",
    "orders": '<inFulfillmentOf><order><id root="1.2.3.7" extension="42"/></order></inFulfillmentOf>',
    "events": """<documentationOf><serviceEvent><code code="18719-5" codeSystem="2.16.840.1.113883.6.1"/>
        <effectiveTime><low value="20240104080000+0100"/><high value="20240104090000+0100"/></effectiveTime>
        <performer><assignedEntity><representedOrganization>
        <standardIndustryClassCode code="AMBULATOIRE" codeSystem="1.2.250.1.213.1.1.4.9"/>
        </representedOrganization></assignedEntity></performer></serviceEvent></documentationOf>""",
    "related": "",
    "encounter": """<componentOf><encompassingEncounter><location><healthCareFacility>
        <code code="SA25" codeSystem="1.2.250.1.71.4.2.4"/>
        </healthCareFacility></location></encompassingEncounter></componentOf>""",
}


def cda(body: str = "", **parts: str) -> bytes:
    """A document with its header parts by name; `body` is what stands inside `component`."""
    unknown = parts.keys() - HEADER.keys()
    assert not unknown, unknown
    header = "".join((HEADER | parts).values())
    inner = body or section("<text>Rien</text>")
    return (
        '<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet href="http://hostile.example/x.xsl"?>'
        f'<ClinicalDocument xmlns="urn:hl7-org:v3">{header}<component>{inner}</component></ClinicalDocument>'
    ).encode()


def level1(data: bytes = PDF, media_type: str = "application/pdf") -> bytes:
    content = base64.encodebytes(data).decode("ascii")
    text = f'<text mediaType="{media_type}" representation="B64">{content}</text>'
    return cda(f"<nonXMLBody>{text}</nonXMLBody>")


def section(inner: str, title: str = "<title>Résultats</title>") -> str:
    return f"<structuredBody><component><section>{title}{inner}</section></component></structuredBody>"


def level3(narrative: str) -> bytes:
    return cda(section(f"<text>{narrative}</text>"))
