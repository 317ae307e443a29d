from __future__ import annotations

from django.urls import include, path

from ganeti_webmgr.vms import edit_views, views

app_name = "vms"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", include("ganeti_webmgr.vms.creation.urls")),
    path("<slug:slug>/<str:name>/", views.detail, name="detail"),
    path("<slug:slug>/<str:name>/-/access/", views.access, name="access"),
    path("<slug:slug>/<str:name>/-/owner/", views.owner, name="owner"),
    path("<slug:slug>/<str:name>/-/settings/", views.settings, name="settings"),
    path("<slug:slug>/<str:name>/-/edit/", edit_views.edit, name="edit"),
    path("<slug:slug>/<str:name>/-/edit/review/", edit_views.review, name="review"),
    path("<slug:slug>/<str:name>/-/disks/", views.disks, name="disks"),
    path("<slug:slug>/<str:name>/-/network/", views.network, name="network"),
    path("<slug:slug>/<str:name>/-/notes/", views.notes, name="notes"),
    path("<slug:slug>/<str:name>/-/lock/", views.lock, name="lock"),
    path("<slug:slug>/<str:name>/-/unlock/", views.unlock, name="unlock"),
    path("<slug:slug>/<str:name>/-/<slug:verb>/", views.act, name="act"),
]
