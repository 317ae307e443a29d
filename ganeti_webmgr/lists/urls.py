from __future__ import annotations

from django.urls import path

from ganeti_webmgr.lists import views

app_name = "lists"
urlpatterns = [
    path("filters/", views.filters, name="filters"),
    path("filters/<int:pk>/", views.edit, name="filter"),
    path("filters/<int:pk>/delete/", views.delete, name="delete-filter"),
    path("<slug:key>/filters/new/", views.save, name="save"),
    path("<slug:key>/columns/", views.columns, name="columns"),
    path("<slug:key>.csv", views.export, name="export"),
]
