from __future__ import annotations

from django.urls import path

from ganeti_webmgr.vms import views

app_name = "vms"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:slug>/<str:name>/", views.detail, name="detail"),
    path("<slug:slug>/<str:name>/-/access/", views.access, name="access"),
    path("<slug:slug>/<str:name>/-/owner/", views.owner, name="owner"),
    path("<slug:slug>/<str:name>/-/<slug:verb>/", views.act, name="act"),
]
