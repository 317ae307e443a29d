from __future__ import annotations

from django.urls import path

from ganeti_webmgr.ui import views

urlpatterns = [path("theme/", views.theme, name="theme")]
