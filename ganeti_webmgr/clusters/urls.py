from __future__ import annotations

from django.urls import path

from ganeti_webmgr.clusters import views

app_name = "clusters"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.detail, name="detail"),
    path("<slug:slug>/-/access/", views.access, name="access"),
    path("<slug:slug>/-/quotas/", views.quotas, name="quotas"),
    path("<slug:slug>/-/quotas/<slug:project>/", views.quota, name="quota"),
]
