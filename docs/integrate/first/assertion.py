"""Prints the assertion by which a client asks for a token: CLIENT KEYFILE ADDRESS-OF-THE-TOKENS."""

import json
import sys
import time
import uuid
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import ECKey

client, key_file, audience = sys.argv[1:]
key = ECKey.import_key(json.loads(Path(key_file).read_text(encoding="utf-8")))
now = int(time.time())
claims = {"iss": client, "sub": client, "aud": audience, "iat": now, "exp": now + 240, "jti": str(uuid.uuid4())}
print(jwt.encode({"alg": "ES384", "kid": key.thumbprint()}, claims, key, algorithms=["ES384"]))
