from __future__ import annotations

from django.urls import path

from ganeti_webmgr.reconcile import views

app_name = "reconcile"
urlpatterns = [
    path("", views.index, name="index"),
    path("renamed/", views.renamed, name="renamed"),
    path("renamed.csv", views.export_renamed, name="export-renamed"),
    path("settled/<slug:token>/", views.settlement, name="settlement"),
    path("<slug:kind>/", views.index, name="kind"),
    path("<slug:kind>.csv", views.export, name="export"),
    path("<slug:kind>/choose/", views.choose, name="choose"),
]
