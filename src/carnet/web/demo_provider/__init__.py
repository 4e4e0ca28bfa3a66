"""The identity provider of the demonstration: a real one in its forms, without any proof of identity.

It exists only where CARNET_DEMO=1. Whoever comes chooses a person of the cast; everything after that is the flow
of a true provider: authorisation code, PKCE, signed ID token, userinfo with the claims of FranceConnect+ or
of Pro Santé Connect. It keeps nothing: codes are sealed and tokens signed, and carry what they stand for, so
that any process can answer. Its codes are therefore not used up by their use; they live one minute and serve
only who knows the PKCE verifier.
"""
