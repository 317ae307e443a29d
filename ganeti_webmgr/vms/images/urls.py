from __future__ import annotations

from django.urls import path

from ganeti_webmgr.vms.images import views

app_name = "images"
urlpatterns = [
    path("", views.index, name="index"),
    path("read/", views.read, name="read"),
    path("<slug:slug>/<int:pk>/", views.edit, name="edit"),
]
