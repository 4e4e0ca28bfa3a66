"""The errors of the authorisation server: a code of RFC 6749 (or 7009) for programs, and words that say how to mend
it. RFC 6749 allows ASCII alone in `error_description`: the French words go out without their accents."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from authlib.oauth2 import OAuth2Error


@dataclass(frozen=True, slots=True)
class Problem:
    error: str
    text_fr: str
    status: int = 400


PROBLEMS: Final = {
    "media-type": Problem(
        "invalid_request", "Envoyez les paramètres dans le corps, en application/x-www-form-urlencoded."
    ),
    "body": Problem("invalid_request", "Le corps de la requête est illisible ou trop grand : 64 ko au plus, en UTF-8."),
    "repeated": Problem("invalid_request", "Un paramètre est donné deux fois : donnez-le une fois."),
    "method": Problem("invalid_request", "Cette adresse répond à une autre méthode.", 405),
    "insecure": Problem("invalid_request", "Cette adresse n'est servie qu'en https."),
    "grant-type": Problem(
        "unsupported_grant_type",
        "grant_type est client_credentials, authorization_code, refresh_token, ou "
        "urn:ietf:params:oauth:grant-type:token-exchange.",
    ),
    "token-missing": Problem("invalid_request", "Donnez le jeton dans le paramètre token."),
    "token-type-hint": Problem("unsupported_token_type", "Écrivez token_type_hint=access_token, ou rien."),
    "token-of-another": Problem("invalid_grant", "Ce jeton a été donné à un autre logiciel."),
    "assertion-missing": Problem(
        "invalid_client",
        "Le logiciel se fait connaître par client_assertion (JWT signé) et client_assertion_type="
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer.",
        401,
    ),
    "assertion-form": Problem("invalid_client", "client_assertion n'est pas un JWT signé lisible.", 401),
    "assertion-algorithm": Problem(
        "invalid_client", "L'algorithme (alg) n'est pas accepté : signez en RS384 ou en ES384.", 401
    ),
    "client-not-proven": Problem(
        "invalid_client",
        "Le logiciel n'est pas reconnu : vérifiez iss et sub (son identifiant), kid (une clé enregistrée et en cours) "
        "et la signature.",
        401,
    ),
    "assertion-issuer": Problem("invalid_client", "iss et sub sont tous deux l'identifiant du logiciel.", 401),
    "assertion-audience": Problem(
        "invalid_client", "aud est l'adresse des jetons (token_endpoint) ou l'émetteur (issuer), et rien d'autre.", 401
    ),
    "assertion-time": Problem(
        "invalid_client",
        "exp est obligatoire, à venir, dans cinq minutes au plus ; iat et nbf sont passés : vérifiez l'horloge.",
        401,
    ),
    "assertion-jti": Problem("invalid_client", "jti est obligatoire : un texte de 1 à 200 caractères.", 401),
    "assertion-replayed": Problem(
        "invalid_client", "Cette assertion a déjà servi : faites-en une nouvelle, avec un autre jti.", 401
    ),
    "proof": Problem(
        "invalid_dpop_proof",
        "La preuve (DPoP, ou le certificat du logiciel) n'est pas bonne : typ dpop+jwt, jwk public, htm et htu de "
        "cette requête, iat de maintenant, jti neuf.",
    ),
    "too-many-failures": Problem(
        "temporarily_unavailable", "Trop d'échecs : attendez le délai donné par Retry-After.", 429
    ),
    "scope-form": Problem(
        "invalid_scope",
        "La portée est illisible : écrivez par exemple system/DocumentReference.rs (SMART, sans « ? »).",
    ),
    "scope-long": Problem("invalid_scope", "La portée est trop longue : 500 caractères au plus."),
    "scope-none": Problem(
        "invalid_scope",
        "Rien de cette portée n'est accordé : demandez system/… pour le logiciel, user/… pour un professionnel, parmi "
        "ce qui est enregistré.",
    ),
    "scope-not-granted": Problem(
        "invalid_scope",
        "Rien de cette portée n'a été accordé à ce lancement : demandez moins que ce qui l'a été, ou rien. Le "
        "refresh_token vaut encore.",
    ),
    "extension-form": Problem(
        "invalid_grant",
        "extensions contient hl7-b2b (version « 1 ») ou ihe_iua, un seul des deux, en objet JSON.",
    ),
    "professional-form": Problem(
        "invalid_grant",
        "Le professionnel se désigne par son identifiant national : « 8 » suivi des 11 chiffres du RPPS "
        "(subject_id, ou national_provider_identifier).",
    ),
    "purpose-unknown": Problem(
        "invalid_grant", "Le motif (purpose_of_use) est TREAT pour un soin ou ETREAT pour une urgence, un seul."
    ),
    "organisation-other": Problem("invalid_grant", "La structure nommée n'est pas celle du logiciel."),
    "acting-not-allowed": Problem(
        "unauthorized_client", "Ce logiciel n'a pas le droit d'agir pour un professionnel : demandez-le à Carnet."
    ),
    "professional-unknown": Problem("invalid_grant", "L'annuaire ne connaît aucun professionnel actif de ce numéro."),
    "professional-elsewhere": Problem(
        "invalid_grant", "Ce professionnel n'exerce pas dans la structure du logiciel, ni pour quelqu'un qui y exerce."
    ),
    "exchange-form": Problem(
        "invalid_request",
        "Donnez subject_token (un jeton de Pro Santé Connect) et subject_token_type (…:access_token ou …:id_token) ; "
        "ni actor_token, ni autre requested_token_type.",
    ),
    "exchange-target": Problem("invalid_target", "resource et audience, s'ils sont là, désignent Carnet."),
    "exchange-not-allowed": Problem(
        "unauthorized_client",
        "Ce logiciel n'échange pas de jetons : faites enregistrer son client_id chez Pro Santé Connect.",
    ),
    "exchange-token": Problem(
        "invalid_grant",
        "Le jeton présenté n'est pas un jeton de Pro Santé Connect en cours, d'un niveau suffisant, qui nomme un "
        "professionnel par son RPPS (SubjectNameID).",
    ),
    "exchange-audience": Problem(
        "invalid_grant", "Le jeton présenté a été donné à un autre logiciel (aud, azp) : demandez-en un au même nom."
    ),
    "provider": Problem(
        "temporarily_unavailable", "Pro Santé Connect ne répond pas comme il faut : réessayez plus tard.", 503
    ),
    "not-an-app": Problem(
        "unauthorized_client",
        "Ce logiciel n'est pas une application à ouvrir : il n'a pas de redirect_uri enregistrée.",
    ),
    "code": Problem(
        "invalid_grant",
        "Ce code ne vaut pas, ou plus : il sert une fois, en une minute, avec le code_verifier et le redirect_uri de "
        "la demande. Recommencez le lancement.",
    ),
    "refresh": Problem(
        "invalid_grant",
        "Ce refresh_token ne vaut pas, ou plus : chacun sert une fois, et finit avec la session ou l'accord. "
        "Recommencez le lancement.",
    ),
    "launch-token": Problem("invalid_token", "Donnez un jeton en cours dans Authorization.", 401),
    "launch-holder": Problem(
        "access_denied", "Il faut un jeton que votre logiciel a demandé, avec sa clé, pour un professionnel nommé.", 403
    ),
    "launch-scope": Problem("insufficient_scope", "Le jeton doit permettre user/Patient.s.", 403),
    "launch-form": Problem(
        "invalid_request",
        "Envoyez un objet JSON (application/json) : patient (système|INS complet), client_id de l'application s'il y "
        "en a une, purpose (TREAT, ETREAT).",
    ),
    "launch-app": Problem("invalid_request", "Aucune application à lancer ne porte ce client_id."),
    "launch-patient": Problem("invalid_request", "Aucun carnet ne porte cette identité INS.", 404),
    "metadata-form": Problem("invalid_client_metadata", "Envoyez un objet JSON (application/json), de 64 ko au plus."),
    "metadata-missing": Problem(
        "invalid_client_metadata",
        "Il manque client_name, organization_name, organization_address, contacts (un nom et une adresse de courriel) "
        "ou scope, en textes de 200 caractères au plus.",
    ),
    "metadata-website": Problem(
        "invalid_client_metadata",
        "client_uri, s'il est là, est l'adresse entière d'un site, en https ou http, comme https://exemple.fr.",
    ),
    "metadata-method": Problem(
        "invalid_client_metadata",
        "token_endpoint_auth_method, s'il est là, est private_key_jwt, ou none pour une application du navigateur "
        "(avec redirect_uris).",
    ),
    "metadata-address": Problem(
        "invalid_redirect_uri",
        "redirect_uris et launch_uris sont des listes d'adresses en https (http sur localhost), entières, sans "
        "fragment ni étoile, dix au plus.",
    ),
    "metadata-keys": Problem(
        "invalid_client_metadata",
        "Donnez jwks (de une à cinq clés publiques : RSA dès 2048 bits, P-256, P-384, Ed25519) ou certificate (PEM "
        "valable aujourd'hui) ; jwks_uri n'est pas lu.",
    ),
    "metadata-persons": Problem(
        "invalid_client_metadata",
        "for_persons est true ou false ; une application de patients a des redirect_uris, et pas de launch_uris : "
        "personne ne la lance.",
    ),
    "metadata-receivers": Problem(
        "invalid_client_metadata",
        "subscription_endpoints est une liste de cinq adresses https au plus, sans nom, question ni ancre.",
    ),
    "metadata-scope": Problem(
        "invalid_client_metadata",
        "scope demande au moins une portée system/… de documents, comme system/List.rs ; une application de patients, "
        "une portée patient/… à lire, comme patient/DocumentReference.rs.",
    ),
    "metadata-structure": Problem(
        "invalid_client_metadata", "structure est un identifiant national, par exemple 1 suivi du FINESS."
    ),
    "too-many-registered": Problem(
        "temporarily_unavailable", "Trop d'inscriptions d'ici : attendez le délai donné par Retry-After.", 429
    ),
    "registration-unknown": Problem(
        "invalid_token", "Ce logiciel et ce jeton d'inscription ne vont pas ensemble.", 401
    ),
    # Of an app that sends a browser to the authorisation.
    "redirect-uri": Problem(
        "invalid_request", "redirect_uri n'est pas une des adresses inscrites de l'application, lettre pour lettre."
    ),
    "request-object": Problem("request_not_supported", "request et request_uri ne sont pas lus."),
    "response-type": Problem(
        "unsupported_response_type", "response_type est code, et la réponse revient dans l'adresse."
    ),
    "state": Problem("invalid_request", "state est obligatoire, de 500 caractères au plus."),
    "pkce": Problem("invalid_request", "PKCE est obligatoire : code_challenge, et code_challenge_method=S256."),
    "aud": Problem("invalid_request", "aud est l'adresse de FHIR, celle de .well-known/smart-configuration."),
    "nonce": Problem("invalid_request", "nonce a 200 caractères au plus."),
    "prompt": Problem("invalid_request", "prompt, s'il est là, est none ou consent."),
    "scope-of-app": Problem("invalid_scope", "Rien de cette portée n'est accordé à cette application."),
    "scope-of-persons": Problem("invalid_scope", "Une personne ne laisse lire que patient/….rs."),
    "launch-of-another": Problem("invalid_request", "Ce lancement n'est pas fait pour cette application."),
    "launch-over": Problem("invalid_request", "Ce lancement a déjà servi, ou a plus de cinq minutes."),
    "internal": Problem("server_error", "Une erreur interne est survenue : réessayez plus tard.", 500),
}

# What the library says itself, in our words.
_OF_LIBRARY: Final = {
    "unsupported_grant_type": "grant-type",
    "unsupported_token_type": "token-type-hint",
    "invalid_request": "token-missing",
    "invalid_grant": "token-of-another",
    "invalid_client": "assertion-missing",
    "insecure_transport": "insecure",
}


class Refusal(OAuth2Error):  # type: ignore[misc]
    """`code` is ours, for the log and the tests; `retry_after` in seconds."""

    def __init__(self, code: str, *, retry_after: int | None = None) -> None:
        problem = PROBLEMS[code]
        super().__init__(description=ascii_of(problem.text_fr), status_code=problem.status, error=problem.error)
        self.code = code
        self.retry_after = retry_after


def of_library(error: OAuth2Error) -> Refusal:
    return error if isinstance(error, Refusal) else Refusal(_OF_LIBRARY.get(error.error, "internal"))


_PLAIN: Final = str.maketrans({"«": "'", "»": "'", "’": "'", "…": "...", '"': "'", "\\": "/"})


def ascii_of(text: str) -> str:
    """Without accents and quotation marks (RFC 6749, section 5.2)."""
    spread = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return spread.encode("ascii", "ignore").decode()
