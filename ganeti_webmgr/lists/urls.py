from __future__ import annotations

from django.urls import path

from ganeti_webmgr.lists import views

app_name = "lists"
urlpatterns = [
    path("<slug:key>/columns/", views.columns, name="columns"),
    path("<slug:key>.csv", views.export, name="export"),
]
