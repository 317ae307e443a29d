from __future__ import annotations

from django.urls import path

from ganeti_webmgr.nodes import views

app_name = "nodes"
urlpatterns = [
    path("nodes/", views.index, name="index"),
    path("clusters/<slug:slug>/nodes/<str:name>/", views.detail, name="detail"),
    path("clusters/<slug:slug>/nodes/<str:name>/-/<slug:verb>/", views.act, name="act"),
]
