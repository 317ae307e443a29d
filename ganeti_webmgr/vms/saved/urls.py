from __future__ import annotations

from django.urls import path

from ganeti_webmgr.vms.saved import views

app_name = "templates"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/-/edit/", views.edit, name="edit"),
    path("<int:pk>/-/delete/", views.delete, name="delete"),
]
