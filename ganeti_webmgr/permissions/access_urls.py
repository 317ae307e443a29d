from __future__ import annotations

from django.urls import path

from ganeti_webmgr.permissions import asking

app_name = "access"
urlpatterns = [path("explain/", asking.ask, name="explain")]
