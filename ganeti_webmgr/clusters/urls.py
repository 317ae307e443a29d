from __future__ import annotations

from django.urls import path

from ganeti_webmgr.clusters import connection_views, lifecycle_views, views

app_name = "clusters"
urlpatterns = [
    path("", views.index, name="index"),
    path("add/", connection_views.add, name="add"),
    path("add/<str:token>/", connection_views.add, name="check"),
    path("<slug:slug>/", views.detail, name="detail"),
    path("<slug:slug>/-/access/", views.access, name="access"),
    path("<slug:slug>/-/connection/", connection_views.connection, name="connection"),
    path("<slug:slug>/-/connection/<str:token>/", connection_views.connection, name="connection-check"),
    path("<slug:slug>/-/settings/", lifecycle_views.settings, name="settings"),
    path("<slug:slug>/-/pause/", lifecycle_views.pause, name="pause"),
    path("<slug:slug>/-/resume/", lifecycle_views.resume, name="resume"),
    path("<slug:slug>/-/remove/", lifecycle_views.remove, name="remove"),
    path("<slug:slug>/-/quotas/", views.quotas, name="quotas"),
    path("<slug:slug>/-/quotas/<slug:project>/", views.quota, name="quota"),
]
