from __future__ import annotations

from django.urls import path

from ganeti_webmgr.dashboard import views

app_name = "dashboard"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("clusters/<slug:slug>/map/", views.cluster_map, name="map"),
    path("search/", views.search, name="search"),
    path("search/palette/", views.palette, name="palette"),
    path("access/ending/", views.ending, name="ending"),
]
