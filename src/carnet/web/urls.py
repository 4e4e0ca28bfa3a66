"""Every address for people; each view declares its audience."""

from __future__ import annotations

from django.urls import path

from carnet.web import assets, language
from carnet.web.auth import views as signing
from carnet.web.console import accounts, deposits, jobs, reports, reviews
from carnet.web.console import trail as console_trail
from carnet.web.console import views as console
from carnet.web.demo_provider import views as demo
from carnet.web.patient import (
    accesses,
    adding,
    arranging,
    confidentiality,
    covers,
    disputing,
    document,
    documents,
    export,
    files,
    granting,
    home,
    masking,
    not_mine,
    professional,
    removing,
    search,
    seeing_as,
    shared_in,
    visibility,
    warning,
)
from carnet.web.pro import agreeing, breaking, depositing, situation
from carnet.web.pro import changing as pro_changing
from carnet.web.pro import document as pro_document
from carnet.web.pro import home as pro
from carnet.web.pro import record as pro_record
from carnet.web.pro import search as pro_search
from carnet.web.public import manifest
from carnet.web.public import views as public

urlpatterns = [
    path("", public.landing),
    path("refuser", public.refuse),
    path("aide", public.help_page),
    path("accessibilite", public.accessibility),
    path("mentions-legales", public.legal),
    path("langue/<str:code>", language.choose),
    path("manifest.webmanifest", manifest.manifest),
    path("static/<str:name>", assets.serve),
    path("connexion", signing.choose),
    path("connexion/patient", signing.start_patient),
    path("connexion/professionnel", signing.start_professional),
    path("connexion/retour", signing.callback),
    path("deconnexion", signing.sign_out),
    path("accueil", home.home),
    path("carnets", covers.covers),
    path("carnets/ouvrir", covers.open_cover),
    path("documents", documents.documents),
    path("documents/ajouter", adding.start),
    path("documents/ajouter/partage", shared_in.share),
    path("documents/ajouter/recu", shared_in.received),
    path("documents/ajouter/<uuid:draft_id>", adding.draft),
    path("documents/ajouter/<uuid:draft_id>/fichiers", adding.files),
    path("documents/ajouter/<uuid:draft_id>/effacer", adding.give_up),
    path("documents/ajouter/<uuid:draft_id>/retirer/<uuid:content_id>", adding.take_out),
    path("documents/ajouter/<uuid:draft_id>/apercu/<uuid:content_id>", adding.preview),
    path("documents/<uuid:document_id>", document.document),
    path("documents/<uuid:document_id>/pages/<int:number>", files.image),
    path("documents/<uuid:document_id>/contenu", files.content),
    path("documents/<uuid:document_id>/pieces/<int:number>", files.piece),
    path("documents/<uuid:document_id>/original", files.original),
    path("documents/<uuid:document_id>/photos/<int:number>", files.picture),
    path("documents/<uuid:document_id>/visibilite", visibility.visibility),
    path("documents/<uuid:document_id>/pas-le-mien", not_mine.not_mine),
    path("documents/<uuid:document_id>/classer", arranging.arrange),
    path("classeurs/<uuid:folder_id>", arranging.folder),
    path("documents/<uuid:document_id>/supprimer", removing.remove),
    path("recherche", search.search),
    path("acces", accesses.accesses),
    path("confidentialite", confidentiality.confidentiality),
    path("confidentialite/autoriser", granting.find),
    path("confidentialite/autoriser/<uuid:grantee_id>", granting.grant),
    path("confidentialite/soignants/<uuid:grantee_id>", professional.professional),
    path("confidentialite/masquer", masking.choose),
    path("confidentialite/masquer/<uuid:mask_id>", masking.standing),
    path("confidentialite/voir-comme", seeing_as.see_as),
    path("confidentialite/avertissements", warning.warning),
    path("confidentialite/avertissements/confirmer", warning.confirm),
    path("acces/contester/<uuid:professional_id>", disputing.dispute),
    path("export", export.export),
    path("export/carnet.zip", export.download),
    path("pro/", pro.home),
    path("pro/situation", situation.choose),
    path("pro/alertes/<uuid:alert_id>", pro.alert),
    path("pro/carnets/<uuid:record_id>", pro_record.record),
    path("pro/carnets/<uuid:record_id>/recherche", pro_search.search),
    path("pro/carnets/<uuid:record_id>/accord", agreeing.agree),
    path("pro/carnets/<uuid:record_id>/urgence", breaking.urgency),
    path("pro/carnets/<uuid:record_id>/deposer", depositing.deposit),
    path("pro/carnets/<uuid:record_id>/documents/<uuid:document_id>", pro_document.document),
    path("pro/carnets/<uuid:record_id>/documents/<uuid:document_id>/pages/<int:number>", pro_document.image),
    path("pro/carnets/<uuid:record_id>/documents/<uuid:document_id>/contenu", pro_document.content),
    path("pro/carnets/<uuid:record_id>/documents/<uuid:document_id>/pieces/<int:number>", pro_document.piece),
    path("pro/carnets/<uuid:record_id>/documents/<uuid:document_id>/original", pro_document.original),
    path("pro/carnets/<uuid:record_id>/documents/<uuid:document_id>/remplacer", depositing.replace),
    path("pro/carnets/<uuid:record_id>/documents/<uuid:document_id>/acte/<slug:act>", pro_changing.change),
    path("console/", console.home),
    path("console/signalements", reports.reports),
    path("console/acces", reviews.reviews),
    path("console/depots", deposits.deposits),
    path("console/taches", jobs.jobs),
    path("console/comptes", accounts.look_up),
    path("console/comptes/<uuid:account_id>", accounts.account),
    path("console/journal", console_trail.trail),
    path("demo/connexion", demo.authorize),
    path("demo/.well-known/openid-configuration", demo.configuration),
    path("demo/jwks", demo.jwks),
    path("demo/token", demo.token),
    path("demo/userinfo", demo.userinfo),
]
