"""What a person reads about their passkeys, devices and sessions: before each act what it does, after it what was done;
in French and in English."""

from __future__ import annotations

from uuid import uuid4

import httpx2
import pytest

from carnet.people import actions, devices, disowning, passkeys
from carnet.people.rules import Way
from tests import people
from tests.people import Resident
from tests.web.authenticator import COPIED, COPYABLE, PRESENT, VERIFIED, Authenticator
from tests.web.browsing import plain
from tests.web.patient.test_devices import FIREFOX, PAGE, others, sends, signed_in
from tests.web.test_passkeys import ADD, asks, at, enrols, proven

MARKUP = "<b>Ma</b> clé & « moi »"
LANGUAGES = pytest.mark.parametrize("language", ["fr", "en"])


@pytest.fixture
def patient(server: str) -> Resident:
    return people.a_patient()


def speaks(client: httpx2.Client, language: str) -> None:
    client.get(f"/langue/{language}?suite=/aide")


def reads(client: httpx2.Client, address: str, *words: str) -> str:
    page = plain(client.get(address, follow_redirects=True).text)
    missing = [each for each in words if each not in page]
    assert not missing, page
    return page


def by_the_provider(patient: Resident) -> str:
    """A session there, of an identity that is theirs; its key."""
    subject = f"sub-{uuid4().hex}"
    actions.add_sign_in(issuer="https://fc.example", subject=subject, actor_id=patient.actor.id)
    key = proven(patient.actor)
    devices.describe(key, browser="Firefox", system="Linux", way=Way.PROVIDER, passkey_id=None)
    return key


def there(client: httpx2.Client, named: str) -> str:
    return next(each for each in others(client) if named in plain(client.get(each).text))


ADDING = {
    "fr": (
        "Rien de votre visage ni de votre empreinte ne quitte votre appareil.",
        "n'ajoutez pas de clé sur un appareil partagé",
        "Vous pouvez la retirer à tout moment, et FranceConnect+ reste possible.",
        "Pour la reconnaître, par exemple : mon téléphone",
        "Créer la clé sur cet appareil",
    ),
    "en": (
        "Nothing of your face or your fingerprint leaves your device.",
        "do not add a passkey on a shared device",
        "You can remove it at any time, and FranceConnect+ remains possible.",
        "Create the passkey on this device",
    ),
}
ADDED = {
    "fr": ("Votre clé d'accès est prête : elle ouvre votre carnet dès la prochaine fois.", "Pas encore utilisée."),
    "en": ("Your passkey is ready: it opens your record from the next time on.", "Not used yet."),
}
NAMELESS = {
    "fr": "Donnez un nom à cette clé, par exemple « Mon téléphone »",
    "en": "Give this passkey a name, for example “My phone”",
}


@LANGUAGES
def test_one_is_added_by_a_name_which_is_shown_as_it_was_written(server: str, patient: Resident, language: str) -> None:
    key = Authenticator(server)
    with at(server, proven(patient.actor)) as here:
        speaks(here, language)
        reads(here, ADD, *ADDING[language])
        form, asked = asks(here, ADD, f"{ADD}/defi")
        nameless = here.post(ADD, data=form | {"nom": " \u202e\t ", "reponse": key.makes(asked)})
        assert nameless.status_code == 422
        assert NAMELESS[language] in plain(nameless.text)
        form, asked = asks(here, ADD, f"{ADD}/defi")
        sent = {"nom": f"{MARKUP}\u202e\n", "reponse": key.makes(asked)}
        added = here.post(ADD, data=form | sent, follow_redirects=True)
        assert "<b>Ma" not in added.text
        assert all(words in plain(added.text) for words in ADDED[language])
        (made,) = passkeys.of(patient.actor)
        assert made.name == MARKUP, "what turns the direction of letters, or breaks the line, is no part of a name"
        assert plain(added.text).count(MARKUP) == 1
        page = here.get(f"{PAGE}/cles/{made.id}").text
        assert "<b>Ma" not in page
        assert plain(page).count(MARKUP) == 1, "as its title"
    with signed_in(server, key), signed_in(server, key) as again:
        speaks(again, language)
        opened = {"fr": f"avec la clé d'accès « {MARKUP} ».", "en": f"with the passkey “{MARKUP}”."}
        page = again.get(PAGE).text
        assert plain(page).count(opened[language]) == 2
        assert "<b>Ma" not in page + again.get(others(again)[0]).text


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (PRESENT | VERIFIED, "sur un seul appareil, ou une seule clé de sécurité"),
        (PRESENT | VERIFIED | COPYABLE, "sur un seul appareil, mais peut être copiée par votre gestionnaire de clés"),
        (PRESENT | VERIFIED | COPYABLE | COPIED, "gardée par votre gestionnaire de clés, sur tous vos appareils"),
    ],
)
def test_where_copies_of_it_are(server: str, patient: Resident, flags: int, words: str) -> None:
    key = Authenticator(server, flags=flags)
    enrols(server, patient.actor, key)
    (made,) = passkeys.of(patient.actor)
    with at(server, proven(patient.actor)) as here:
        reads(here, f"{PAGE}/cles/{made.id}", words)


TAKING = {
    "fr": (
        "Elle n'ouvre plus votre carnet, et rien ne la fait revenir : il faudra en ajouter une autre.",
        "Les sessions qu'elle a ouvertes ailleurs se ferment.",
        "Vous pouvez toujours vous connecter avec FranceConnect+.",
        "Votre appareil la proposera encore : effacez-la aussi dans ses réglages.",
        "Ne rien changer",
    ),
    "en": (
        "You can always sign in with FranceConnect+.",
        "The sessions that it opened elsewhere close.",
        "Change nothing",
    ),
}
NAMED = {"fr": "Le nouveau nom est enregistré.", "en": "The new name is saved."}
TAKEN = {"fr": "La clé d'accès est retirée.", "en": "The passkey is removed."}
NONE_LEFT = {"fr": "Aucune clé d'accès pour l'instant", "en": "No passkey yet"}


@LANGUAGES
def test_it_is_renamed_and_the_last_one_taken_away(server: str, patient: Resident, language: str) -> None:
    enrols(server, patient.actor, Authenticator(server))
    (made,) = passkeys.of(patient.actor)
    address = f"{PAGE}/cles/{made.id}"
    with at(server, proven(patient.actor)) as here:
        speaks(here, language)
        reads(here, address, *TAKING[language])
        assert NAMELESS[language] in plain(sends(here, address, acte="nommer", nom="").text)
        named = plain(sends(here, address, acte="nommer", nom=MARKUP).text)
        assert NAMED[language] in named
        assert MARKUP in named
        taken = plain(sends(here, address, acte="retirer").text)
        assert TAKEN[language] in taken
        assert NONE_LEFT[language] in taken
        assert MARKUP not in taken


BY_PROVIDER = {
    "fr": (
        "Cet appareil n'a plus accès à votre compte, aussitôt.",
        "Plus personne n'entre ici avec cette identité FranceConnect+, vous non plus",
        "Le support reçoit votre signalement. Il ne voit rien de votre santé.",
        "Vous n'avez pas de clé d'accès : une fois déconnecté, vous n'entrerez plus avant sa réponse.",
    ),
    "en": ("You have no passkey: once signed out, you cannot come in again before its answer.",),
}
KEYLESS = {
    "fr": (
        "Cet appareil n'a plus accès à votre compte.",
        "Protégez le compte avec lequel vous passez par FranceConnect+",
        "Vous n'avez pas de clé d'accès : une fois déconnecté, vous n'entrerez plus avant sa réponse.",
        "FranceConnect+ n'ouvre plus votre compte jusqu'à la réponse du support.",
        "appelez le support",
    ),
    "en": (
        "You have no passkey: once signed out, you cannot come in again before its answer.",
        "FranceConnect+ does not open your account any more until the support has answered.",
        "call the support",
    ),
}
STILL_OPEN = {"fr": "FranceConnect+ reste toujours possible", "en": "FranceConnect+ always remains possible"}


@LANGUAGES
def test_who_has_no_passkey_reads_what_it_means_that_it_was_not_them(
    server: str, patient: Resident, language: str
) -> None:
    stolen = by_the_provider(patient)
    with at(server, proven(patient.actor)) as here, at(server, stolen) as thief:
        speaks(here, language)
        reads(here, PAGE, STILL_OPEN[language])
        address = there(here, "Firefox")
        assert f'href="{ADD}"' in here.get(address).text, "first a passkey, as long as one can be added"
        reads(here, address, *BY_PROVIDER[language])
        told = plain(sends(here, address, acte="pas-moi").text)
        (number,) = disowning.waiting(patient.actor)
        assert all(words in told for words in (*KEYLESS[language], number))
        assert STILL_OPEN[language] not in told, "it is not: the identity waits"
        assert thief.get("/accueil").status_code == 302
        adding = reads(here, ADD, number)
        assert STILL_OPEN[language] not in adding
        assert "FranceConnect+ reste possible" not in adding


ONLY_ONE = {
    "fr": "C'est votre seule clé, et FranceConnect+ n'ouvre plus votre compte : sans elle, vous n'entrerez plus",
    "en": "It is your only passkey, and FranceConnect+ does not open your account any more: without it you cannot",
}
ANOTHER = {"fr": "entrez avec une autre clé", "en": "come in with another passkey"}


@LANGUAGES
def test_the_last_passkey_of_who_waits_for_the_support_says_that_it_is_the_last(
    server: str, patient: Resident, language: str
) -> None:
    key, spare = Authenticator(server), Authenticator(server)
    enrols(server, patient.actor, key, "Une")
    enrols(server, patient.actor, spare, "Autre")
    by_the_provider(patient)
    with signed_in(server, key, FIREFOX.replace("Firefox", "Edg")) as here:
        speaks(here, language)
        assert BY_PROVIDER[language][-1] not in reads(here, there(here, "Linux"))
        sends(here, there(here, "Linux"), acte="pas-moi")
        first, second = (f"{PAGE}/cles/{each.id}" for each in passkeys.of(patient.actor))
        assert TAKING[language][2 if language == "fr" else 0] not in reads(here, second, ANOTHER[language])
        sends(here, second, acte="retirer")
        reads(here, first, ONLY_ONE[language])


def test_a_session_that_a_passkey_opened_leaves_the_provider_open(server: str, patient: Resident) -> None:
    """The support has a case without an identity: only what is so is said."""
    thief, key = Authenticator(server), Authenticator(server)
    actions.add_sign_in(issuer="https://fc.example", subject=f"sub-{uuid4().hex}", actor_id=patient.actor.id)
    enrols(server, patient.actor, thief, "Le voleur")
    enrols(server, patient.actor, key, "La mienne")
    with signed_in(server, thief), signed_in(server, key) as here:
        address = there(here, "Le voleur")
        reads(here, address, "La clé d'accès « Le voleur » est retirée : elle n'ouvre plus rien, sur aucun appareil.")
        told = plain(sends(here, address, acte="pas-moi").text)
        assert "Le support vous répondra. Jusque-là, aucun code ne peut être remis à un guichet." in told
        assert "si l'identité est rétablie" not in told
        assert STILL_OPEN["fr"] in told
