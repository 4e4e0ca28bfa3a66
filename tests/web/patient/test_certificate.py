"""The vaccination certificate: printed, and checked by a reader that knows nothing but the public key."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from joserfc import jws
from joserfc.jwk import KeySet

from carnet.formats import health_card
from carnet.health import attesting
from carnet.health import stating as saying
from carnet.kernel.actor import Purpose
from tests import people
from tests.health.stated import stating
from tests.health.test_vaccinations import BOOSTER, MMR, vaccinated
from tests.people import Resident
from tests.sessions import COOKIE, session_of
from tests.web.browsing import Browsing, plain, token
from tests.web.patient.test_summary import parts_of, words_of

HOME = "/sante/vaccinations/attestation"
CHECK = "/verifier/vaccins"
KEYS = "/vaccins/.well-known/jwks.json"


PERSON = '{"resource":{"resourceType":"Patient"}}'
# Issuer, instant and entries: without a person, from the end of time, from where nobody can write.
HOSTILE = (("x", "1", ""), ("x", "Infinity", PERSON), ("x", "1e999", PERSON), ("\\ud800", "1", PERSON))


def forged(issuer: str, issued: str, entries: str) -> str:
    payload = (
        f'{{"iss":"{issuer}","nbf":{issued},"vc":{{"type":["https://smarthealth.cards#health-card"],'
        f'"credentialSubject":{{"fhirBundle":{{"entry":[{entries}]}}}}}}}}'
    )
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(payload.encode()) + packer.flush()
    return f"{health_card.signed_part('x', packed).decode()}.AAAA"


class Own(Browsing):
    def __init__(self, client: httpx2.Client, patient: Resident) -> None:
        super().__init__(client)
        self.patient = patient

    def pdf(self, query: str = "") -> bytes:
        answer = self.opens(f"{HOME}/telecharger?{query}")
        assert answer.headers["content-type"] == "application/pdf"
        return answer.content


@pytest.fixture
def own(server: str) -> Iterator[Own]:
    patient = people.a_patient(birth_date="1979-03-28")
    with httpx2.Client(base_url=server, timeout=60, cookies={COOKIE: session_of(patient.actor)}) as client:
        yield Own(client, patient)


def offline(code: str, keys: Any) -> dict[str, Any]:
    """What an independent reader makes of the text of a QR code: figures, signature, deflate. Raises when it does not
    hold."""
    figures = code.removeprefix("shc:/")
    compact = "".join(chr(int(pair) + 45) for pair in re.findall("..", figures))
    registry = jws.JWSRegistry(algorithms=["ES256"], strict_check_header=False)
    checked = jws.deserialize_compact(compact, KeySet.import_key_set(keys), registry=registry)
    assert checked.protected["zip"] == "DEF"
    payload: dict[str, Any] = json.loads(zlib.decompress(checked.payload, wbits=-15))
    return payload


def altered(code: str) -> str:
    """With one letter of its signature put in the place of another."""
    figures = code.removeprefix("shc:/")
    letter = f"{ord('A') - 45:02d}"
    place = next(at for at in range(len(figures) - 60, 0, -2) if figures[at : at + 2] != letter)
    return f"shc:/{figures[:place]}{letter}{figures[place + 2 :]}"


def signed(own: Own, count: int = 2) -> list[str]:
    """The codes of so many vaccinations, as their QR codes hold them."""
    doses = [
        health_card.Dose(f"Vaccin {n}", "2024-04-09", ("http://www.whocc.no/atc", BOOSTER), f"LOT{n}", "Dr Ange Essai")
        for n in range(count)
    ]
    person = health_card.Person("Essai", "Camille", "1979-03-28")
    asked = (own.patient.actor, Purpose.SELF, own.patient.record_id)
    issuer = f"{str(own.client.base_url).rstrip('/')}/vaccins"
    return [
        "".join(health_card.numeric(each))
        for each in attesting.cards(*asked, issuer=issuer, person=person, doses=doses)
    ]


def test_it_says_what_is_confirmed_and_apart_what_is_declared(own: Own) -> None:
    stating(own.patient, vaccinated(BOOSTER, "2024-04-09", text="Repevax"), of=people.entry(type_code="87273-9"))
    asked: dict[str, Any] = {"record_id": own.patient.record_id}
    saying.state(own.patient.actor, Purpose.SELF, entry=vaccinated(MMR, "1983-03", text="ROR"), **asked)
    saying.state(own.patient.actor, Purpose.SELF, entry=vaccinated(MMR, "1996", text="Caché"), masked=True, **asked)
    page = own.text(HOME)
    assert page.index("Confirmées par un soignant") < page.index("Repevax") < page.index("Déclarées, non confirmées")
    assert page.index("Déclarées, non confirmées") < page.index("ROR")
    assert "Caché" not in page
    pdf = own.pdf()
    words = words_of(pdf)
    assert "Caché" not in words
    assert words.index("Vaccinations confirmées") < words.rindex("Repevax")
    assert "Déclaré" in words[words.index("Vaccinations déclarées") :]
    assert "calendrier vaccinal 2025" in words
    assert "ROR" not in words[words.index("Code à vérifier") :]
    assert {"/Figure", "/Table", "/H1"} <= set(parts_of(pdf))
    chosen = re.findall(r'name="vaccin" type="checkbox" value="([^"]+)"', own.opens(HOME).text)
    one = words_of(own.pdf(f"choix=1&vaccin={chosen[1]}&langue=en"))
    assert "Repevax" not in one
    assert "Vaccinations declared, not confirmed" in one
    assert "Code to check" not in one
    assert "certificate-signed" in {line.action for line in people.trail(own.patient)}


def test_what_a_document_says_that_nobody_confirmed_is_in_nobodys_words(own: Own) -> None:
    stating(own.patient, vaccinated(MMR, "1983-03-02", text="ROR"), of=people.entry(type_code="DOCPAT07"))
    page = own.text(HOME)
    assert page.index("D'après un document, non confirmées") < page.index("ROR")
    assert "Déclarées" not in page
    words = words_of(own.pdf())
    assert "ROR" in words[words.index("Vaccinations d'après un document, non confirmées") :]
    assert "Lues dans un document du carnet." in words
    assert "Dites par la personne" not in words
    summary = own.opens("/sante/synthese/telecharger?choix=1&partie=vaccins&langue=fr")
    told = words_of(summary.content)
    assert "Document" in told[told.index("ROR") :]
    assert "La personne" not in told


def test_a_certificate_of_nothing_is_not_made_and_what_has_no_date_is_said_to_be_left_out(own: Own) -> None:
    empty = own.opens(f"{HOME}/telecharger")
    assert "Aucune vaccination à certifier." in plain(empty.text)
    assert 'href="/sante/vaccinations/ajouter"' in own.opens(HOME).text, "where one is declared"
    card = own.opens("/sante/vaccinations").text
    assert "Confirmé par un soignant" not in plain(card), "a key to no dose"
    stating(own.patient, vaccinated(BOOSTER, "2024-04-09", text="Repevax"), vaccinated(MMR, text="ROR"))
    page = own.text(HOME)
    assert "Une vaccination est connue sans sa date : elle n'est pas proposée, car un certificat dit quand. ROR" in page
    for query in ("choix=1", "choix=1&vaccin=autre", "choix=1&langue=en"):
        answer = own.opens(f"{HOME}/telecharger?{query}")
        assert answer.status_code == 422, query
        assert "Cochez au moins une vaccination" in plain(answer.text), query
    assert "certificate-signed" not in {line.action for line in people.trail(own.patient)}


def test_its_code_is_checked_offline_by_the_public_key_alone(own: Own) -> None:
    keys = own.opens(KEYS)
    assert keys.headers["access-control-allow-origin"] == "*"
    assert not any("d" in key for key in keys.json()["keys"])
    (code,) = signed(own)
    payload = offline(code, keys.json())
    bundle = payload["vc"]["credentialSubject"]["fhirBundle"]
    assert payload["iss"].endswith("/vaccins")
    assert "https://smarthealth.cards#immunization" in payload["vc"]["type"]
    patient, first, _ = (each["resource"] for each in bundle["entry"])
    assert patient == {
        "resourceType": "Patient",
        "name": [{"family": "Essai", "given": ["Camille"]}],
        "birthDate": "1979-03-28",
    }
    assert first["vaccineCode"]["coding"][0]["code"] == BOOSTER
    assert first["lotNumber"] == "LOT0"
    broken = code[:-7] + ("1" if code[-7] != "1" else "2") + code[-6:]
    with pytest.raises(Exception):  # noqa: B017  (whatever an independent reader raises)
        offline(broken, keys.json())


def test_what_does_not_fit_into_one_code_is_several_whole_ones(own: Own) -> None:
    codes = signed(own, 40)
    assert len(codes) > 1
    keys = own.opens(KEYS).json()
    bundles = [offline(code, keys)["vc"]["credentialSubject"]["fhirBundle"]["entry"] for code in codes]
    assert sum(len(each) - 1 for each in bundles) == 40
    assert all(len(code) <= len("shc:/") + 2 * health_card.MOST_CHARACTERS for code in codes)


def test_anybody_checks_one_and_nothing_is_kept(server: str, own: Own) -> None:
    (code,) = signed(own)
    other_lot = altered(code)
    other = attesting._signed(
        health_card.body(
            "https://ailleurs.example", 1, health_card.Person("A", "B", "2000"), [health_card.Dose("C", "2024-01-01")]
        )
    )
    with httpx2.Client(base_url=server, timeout=30) as client:

        def told(text: str) -> str:
            fields = {"code": text} | token(client.get(CHECK).text)
            return plain(client.post(CHECK, data=fields).text)

        valid = told(code)
        assert "Valable : signé par ce service, et intact." in valid
        assert "Camille Essai" in valid
        assert "Vaccin 0" in valid
        assert "Pas valable" in told(other_lot)
        assert "Camille" not in told(other_lot)
        unknown = told("".join(health_card.numeric(other)))
        assert "Émetteur inconnu" in unknown
        assert "https://ailleurs.example" in unknown
        for number, wrong in enumerate(("bonjour", *(forged(*each) for each in HOSTILE))):
            assert "n'est pas le code d'un certificat" in told(wrong), number
        assert "Collez le texte d'un code" in told("  ")
        both = told(f"{code}\n{other_lot}")
        assert "Code 1 : Valable" in both
        assert "Code 2 : Pas valable" in both
        assert "Valable" in told(" ".join(re.findall(".{1,60}", code)))


@pytest.mark.parametrize(
    "text",
    ["", "shc:/", "shc:/12", "a.b.c", "shc:/" + "00" * 50, "shc:/" + "99" * 200, "x" * 70_000],
    ids=["nothing", "letters", "short", "dots", "zeros", "nines", "long"],
)
def test_what_is_no_card_is_said_to_be_none(text: str) -> None:
    with pytest.raises(health_card.CardError):
        health_card.read(text)


def test_a_bomb_is_not_unpacked() -> None:
    packed = zlib.compress(b" " * 50_000_000, wbits=-15)
    part = health_card.signed_part("k", packed).decode()
    with pytest.raises(health_card.CardError):
        health_card.read(f"{part}.{health_card.as_text(b'0' * 64)}")


def test_figures_that_are_no_letters_are_read_back_as_they_were() -> None:
    packed = health_card.body("https://a.example/vaccins", 1, health_card.Person("É", "Zoé", "1979-03"), [])
    jws_text = f"{health_card.signed_part('k', packed).decode()}.{health_card.as_text(b'0' * 64)}"
    card = health_card.read("".join(health_card.numeric(jws_text)))
    assert (card.person.family, card.person.given, card.kid) == ("É", "Zoé", "k")
