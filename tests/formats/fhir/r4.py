"""The structure of two base resources of FHIR R4, as its definitions state it, in the form that `profile` checks."""

from __future__ import annotations

from typing import Any

_RESOURCE = "id? meta? implicitRules? language?"
_DOMAIN = f"{_RESOURCE} text? contained* extension* modifierExtension*"
_INTERACTION = "id? extension* code! documentation?"
_PARAMETER = "id? extension* name! definition? type! documentation?"
_OPERATION = "id? extension* name! definition! documentation?"

_CAPABILITY = {
    "": f"{_DOMAIN} url? version? name? title? status! experimental? date! publisher? contact* description? "
    "useContext* jurisdiction* purpose? copyright? kind! instantiates* imports* software? implementation? "
    "fhirVersion! format+ patchFormat* implementationGuide* rest* messaging* document*",
    "software": "id? extension* name! version? releaseDate?",
    "implementation": "id? extension* description! url? custodian?",
    "rest": "id? extension* mode! documentation? security? resource* interaction* searchParam* operation* compartment*",
    "rest.security": "id? extension* cors? service* description?",
    "rest.resource": "id? extension* type! profile? supportedProfile* documentation? interaction* versioning? "
    "readHistory? updateCreate? conditionalCreate? conditionalRead? conditionalUpdate? conditionalDelete? "
    "referencePolicy* searchInclude* searchRevInclude* searchParam* operation*",
    "rest.resource.interaction": _INTERACTION,
    "rest.resource.searchParam": _PARAMETER,
    "rest.resource.operation": _OPERATION,
    "rest.interaction": _INTERACTION,
}
_BUNDLE = {
    "": f"{_RESOURCE} identifier? type! timestamp? total? link* entry* signature?",
    "link": "id? extension* relation! url!",
    "entry": "id? extension* link* fullUrl? resource? search? request? response?",
    "entry.search": "id? extension* mode? score?",
    "entry.request": "id? extension* method! url! ifNoneMatch? ifModifiedSince? ifMatch? ifNoneExist?",
    "entry.response": "id? extension* status! location? etag? lastModified? outcome?",
}
_CARDINALITY = {"!": (1, "1"), "?": (0, "1"), "*": (0, "*"), "+": (1, "*")}


def _definition(name: str, children: dict[str, str]) -> dict[str, Any]:
    elements: list[dict[str, Any]] = [{"id": name, "min": 0, "max": "*"}]
    for path, listed in children.items():
        for child in listed.split():
            least, most = _CARDINALITY[child[-1]]
            place = ".".join(filter(None, (name, path, child[:-1])))
            elements.append({"id": place, "min": least, "max": most})
    return {"snapshot": {"element": elements}}


CAPABILITY_STATEMENT = _definition("CapabilityStatement", _CAPABILITY)
BUNDLE = _definition("Bundle", _BUNDLE)
