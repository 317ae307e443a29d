from __future__ import annotations

from django.urls import path

from ganeti_webmgr.bulk import views

app_name = "bulk"
urlpatterns = [
    path("", views.choose, name="choose"),
    path("<slug:token>/", views.detail, name="detail"),
]
