"""The authorisation server, and the places where software looks for it."""

from __future__ import annotations

from django.urls import path

from carnet.api.oauth import launch, registering, views, wellknown

urlpatterns = [
    path("oauth/token", views.token),
    path("oauth/revoke", views.revoke),
    path("oauth/introspect", views.introspect),
    path("oauth/jwks", wellknown.keys),
    path("oauth/launch", launch.launch),
    path("oauth/register", registering.register),
    path("oauth/register/<str:client_id>", registering.read),
    path("oauth/register/<str:client_id>/conformance", registering.conformance),
    path(".well-known/oauth-authorization-server", wellknown.authorization_server),
    path(".well-known/openid-configuration", wellknown.openid),
    path(".well-known/smart-configuration", wellknown.smart_configuration),
]
