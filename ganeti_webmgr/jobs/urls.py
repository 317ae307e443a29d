from __future__ import annotations

from django.urls import path

from ganeti_webmgr.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/-/cancel/", views.cancel, name="cancel"),
]
