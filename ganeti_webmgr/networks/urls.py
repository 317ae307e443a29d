from __future__ import annotations

from django.urls import path

from ganeti_webmgr.networks import views

app_name = "networks"
urlpatterns = [
    path("networks/", views.index, name="index"),
    path("clusters/<slug:slug>/-/create-network/", views.create, name="create"),
    # Ganeti takes any name for a network, also one with a slash.
    path("clusters/<slug:slug>/networks/<path:name>/-/<slug:verb>/", views.act, name="act"),
    path("clusters/<slug:slug>/networks/<path:name>/", views.detail, name="detail"),
]
