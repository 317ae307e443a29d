from __future__ import annotations

from django.urls import path

from ganeti_webmgr.record import views

app_name = "record"
urlpatterns = [
    path("", views.index, name="index"),
    path("export.<str:form>", views.export, name="export"),
]
