"""The support's list of reported documents, over HTTP."""

from __future__ import annotations

import re
from urllib.parse import urlencode
from uuid import UUID

from carnet.kernel.ids import short
from tests.web.browsing import Browsing, browsing, plain
from tests.web.console.desk import pages

WORDS = "Ma voisine a le même nom, et un diabète."


def cases(page: str) -> set[str]:
    """Those of the list; other tests may have left some."""
    return set(re.findall(r'name="signalement" value="([^"]+)"', page))


def at_home(nadia: Browsing) -> Browsing:
    """Who has not opened her record yet says first that it is hers."""
    nadia.sends("/bienvenue/identite", {"reponse": "oui"})
    return nadia


def listed(support: Browsing) -> set[str]:
    return {case for page in pages(support, "/console/signalements") for case in cases(page)}


def test_a_report_reaches_the_support_without_its_words_and_is_closed(server: str) -> None:
    with browsing(server, "nadia") as nadia, browsing(server, "support") as support:
        document = at_home(nadia).documents()[0]
        title = re.search(r"<h1[^>]*>(.*?)</h1>", nadia.opens(document).text)
        assert title
        before = listed(support)
        nadia.sends(f"{document}/pas-le-mien", {"acte": "signaler", "mots": WORDS})
        page = "".join(pages(support, "/console/signalements"))
        assert "Déposé par" in plain(page)
        for secret in (plain(title[1]), "diabète", "Nadia"):
            assert secret not in plain(page)
        (case,) = cases(page) - before
        # Taking it out of the record is asked on a page of its own, which says what follows.
        assert 'value="retirer"' not in page
        asked = support.opens(f"/console/signalements?retirer={case}").text
        assert "vous ne pouvez pas revenir en arrière" in plain(asked)
        assert 'value="retirer"' in asked
        assert document in nadia.documents("/documents?vue=autrui")
        done = support.sends("/console/signalements", {"signalement": case, "acte": "classer"})
        assert "Le signalement est classé." in plain(done.text)
        assert listed(support) == before
        nadia.sends(f"{document}/pas-le-mien", {"acte": "reprendre"})
        assert document in nadia.documents()


def test_a_report_is_found_by_the_number_of_its_document(server: str) -> None:
    with browsing(server, "nadia") as nadia, browsing(server, "support") as support:
        document = at_home(nadia).documents()[0]
        before = listed(support)
        nadia.sends(f"{document}/pas-le-mien", {"acte": "signaler"})
        (case,) = listed(support) - before
        number = short(UUID(document.rsplit("/", 1)[1]))
        for typed in (number, f" {number.upper()} "):
            assert cases(support.opens(f"/console/signalements?{urlencode({'numero': typed})}").text) == {case}
        for nobody in (short(UUID(int=7)), "x", "é" * 40):
            found = support.opens(f"/console/signalements?{urlencode({'numero': nobody})}")
            assert cases(found.text) == set()
            assert "Rien sous ce numéro" in plain(found.text)
        nadia.sends(f"{document}/pas-le-mien", {"acte": "reprendre"})


def test_what_makes_no_sense_does_nothing(server: str) -> None:
    with browsing(server, "nadia") as nadia, browsing(server, "support") as support:
        document, before = at_home(nadia).documents()[0], listed(support)
        nadia.sends(f"{document}/pas-le-mien", {"acte": "signaler"})
        (case,) = listed(support) - before
        for sent in ({"signalement": "x", "acte": "retirer"}, {"acte": "x"}):
            assert support.sends("/console/signalements", sent).status_code == 200
        assert case in listed(support)
        nadia.sends(f"{document}/pas-le-mien", {"acte": "reprendre"})
        assert listed(support) == before
