from __future__ import annotations

from django.urls import path

from ganeti_webmgr.nodes.groups import views

app_name = "nodegroups"
urlpatterns = [
    path("clusters/<slug:slug>/-/new-group/", views.new, name="new"),
    path("clusters/<slug:slug>/groups/<str:name>/", views.detail, name="detail"),
    path("clusters/<slug:slug>/groups/<str:name>/-/<slug:verb>/", views.act, name="act"),
]
