"""Every address for people; each view declares its audience."""

from __future__ import annotations

from django.urls import path

from carnet.web import assets, language
from carnet.web.auth import views as signing
from carnet.web.console import views as console
from carnet.web.demo_provider import views as demo
from carnet.web.patient import accesses, document, documents, home, search
from carnet.web.pro import views as pro
from carnet.web.public import views as public

urlpatterns = [
    path("", public.landing),
    path("aide", public.help_page),
    path("accessibilite", public.accessibility),
    path("mentions-legales", public.legal),
    path("langue/<str:code>", language.choose),
    path("static/<str:name>", assets.serve),
    path("connexion", signing.choose),
    path("connexion/patient", signing.start_patient),
    path("connexion/professionnel", signing.start_professional),
    path("connexion/retour", signing.callback),
    path("deconnexion", signing.sign_out),
    path("accueil", home.home),
    path("documents", documents.documents),
    path("documents/<uuid:document_id>", document.document),
    path("documents/<uuid:document_id>/contenu", document.content),
    path("documents/<uuid:document_id>/pieces/<int:number>", document.piece),
    path("documents/<uuid:document_id>/original", document.original),
    path("recherche", search.search),
    path("acces", accesses.accesses),
    path("pro/", pro.home),
    path("console/", console.home),
    path("demo/connexion", demo.authorize),
    path("demo/.well-known/openid-configuration", demo.configuration),
    path("demo/jwks", demo.jwks),
    path("demo/token", demo.token),
    path("demo/userinfo", demo.userinfo),
]
