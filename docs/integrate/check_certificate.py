"""Checks vaccination certificates without any network: python check_certificate.py KEYS < CODES

KEYS is the house's public key set, as `/vaccins/.well-known/jwks.json` gave it once. Each line of the input is the text
of a QR code. Prints a line for whom it is and one for each vaccination; ends with 1 at a code that is not genuine."""

import json
import sys
import zlib
from pathlib import Path
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

_PREFIX = "shc:/"
KEYS = KeySet.import_key_set(json.loads(Path(sys.argv[1]).read_text()))
# `zip` is in the header, as SMART Health Cards have it.
REGISTRY = jws.JWSRegistry(algorithms=["ES256"], strict_check_header=False)


def checked(code: str) -> list[dict[str, Any]]:
    """The resources in a code whose signature holds."""
    figures = code.strip().removeprefix(_PREFIX)
    letters = "".join(chr(int(figures[at : at + 2]) + 45) for at in range(0, len(figures), 2))
    signed = jws.deserialize_compact(letters, KEYS, registry=REGISTRY)
    payload = json.loads(zlib.decompress(signed.payload, wbits=-15))
    return [each["resource"] for each in payload["vc"]["credentialSubject"]["fhirBundle"]["entry"]]


for line in sys.stdin:
    try:
        person, *doses = checked(line)
    except (JoseError, ValueError, KeyError, zlib.error):
        sys.exit("This code is not genuine.")
    name = person["name"][0]
    print(" ".join(name["given"]), name["family"], person["birthDate"])
    for dose in doses:
        print(dose["occurrenceDateTime"], dose["vaccineCode"]["text"], dose.get("lotNumber", ""))
