"""« Mes avis par courriel » of a professional, over real HTTP."""

from __future__ import annotations

from carnet.notify import contacts
from carnet.notify.contacts import fresh_token
from carnet.notify.models import Contact
from carnet.notify.rules import Kind
from tests.people import a_doctor
from tests.web.pro.desk import at_desk

PAGE = "/pro/avis"


def test_a_professional_gives_confirms_and_erases_an_address(server: str) -> None:
    doctor = a_doctor()
    with at_desk(server, doctor) as desk:
        assert PAGE in desk.opens("/pro/").text, "the menu leads there"
        form = {"acte": "choisir", "quoi": "alert"}
        wrong = desk.sends(PAGE, form | {"courriel": "cabinet@"})
        assert wrong.status_code == 422
        assert 'value="cabinet@"' in wrong.text
        assert contacts.of(doctor) is None
        right = desk.sends(PAGE, form | {"courriel": "cabinet@exemple.fr"})
        assert "Ce Carnet n'envoie aucun courriel." in desk.text(PAGE)
        assert 'value="cabinet@exemple.fr"' in right.text
        token = fresh_token(Contact.objects.get(person_id=doctor.id))
        link = f"{PAGE}/confirmer?jeton={token}"
        assert "Confirmer mon adresse" in desk.text(link)
        known = contacts.of(doctor)
        assert known
        assert known.kinds == {Kind.ALERT}
        assert not known.verified, "a link that was opened confirms nothing"
        assert "fait=confirme" in str(desk.sends(link, {"jeton": token}).url)
        known = contacts.of(doctor)
        assert known
        assert known.verified
        assert "fait=passe" in str(desk.sends(link, {"jeton": token}).url), "it serves once"
        assert "Votre adresse est effacée" in desk.text(str(desk.sends(PAGE, {"acte": "effacer"}).url))
        assert contacts.of(doctor) is None


def test_the_link_of_one_professional_confirms_nothing_for_another(server: str) -> None:
    doctor, other = a_doctor(), a_doctor()
    for each in (doctor, other):
        contacts.choose(each, address="cabinet@exemple.fr", kinds=[Kind.ALERT])
    token = fresh_token(Contact.objects.get(person_id=doctor.id))
    with at_desk(server, other) as desk:
        assert "fait=passe" in str(desk.sends(f"{PAGE}/confirmer?jeton={token}", {"jeton": token}).url)
    assert not any(known.verified for each in (doctor, other) if (known := contacts.of(each)))
