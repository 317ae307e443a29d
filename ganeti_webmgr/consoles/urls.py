from __future__ import annotations

from django.urls import path, re_path

from ganeti_webmgr.consoles import views

app_name = "consoles"
urlpatterns = [
    path("consoles/", views.index, name="index"),
    path("clusters/<slug:slug>/-/consoles/", views.cluster, name="cluster"),
    path("vms/<slug:slug>/<str:name>/-/console/", views.screen, name="screen"),
    path("vms/<slug:slug>/<str:name>/-/console/bar/", views.bar, name="bar"),
    re_path(
        r"^vms/(?P<slug>[-a-z0-9]+)/(?P<name>[^/]+)/-/console/(?P<protocol>vnc|spice)\.(?P<as_file>vv|vnc)$",
        views.viewer,
        name="viewer",
    ),
]
