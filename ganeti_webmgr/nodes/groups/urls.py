from __future__ import annotations

from django.urls import path

from ganeti_webmgr.nodes.groups import views

app_name = "nodegroups"
urlpatterns = [
    path("clusters/<slug:slug>/-/new-group/", views.new, name="new"),
    # Ganeti takes any name for a group, also one with a slash.
    path("clusters/<slug:slug>/groups/<path:name>/-/<slug:verb>/", views.act, name="act"),
    path("clusters/<slug:slug>/groups/<path:name>/", views.detail, name="detail"),
]
