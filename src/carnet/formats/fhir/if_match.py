"""If-Match: the version of an entry that a change starts from."""

from __future__ import annotations

import re

from carnet.formats.fhir import errors

__all__ = ["check", "version"]

# FHIR's ETag is weak; some clients drop the W/.
_ETAG = re.compile(r'(?:W/)?"([0-9]{1,9})"')
_PLACE = "http.If-Match"


def version(header: str) -> int | None:
    """None for `*`, any version; raise `FhirError` for what is no single ETag of ours."""
    text = header.strip()
    if text == "*":
        return None
    found = _ETAG.fullmatch(text)
    if found is None:
        raise errors.failure("etag-form", expression=_PLACE)
    return int(found[1])


def check(header: str | None, current: int) -> None:
    """Raise `FhirError` when a version is asked for and it is not the current one; without a header all is well."""
    wanted = version(header) if header is not None else None
    if wanted is not None and wanted != current:
        raise errors.failure("version-conflict", expression=_PLACE)
