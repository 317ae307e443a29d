from __future__ import annotations

from django.urls import path

from ganeti_webmgr.people import group_views

app_name = "groups"
urlpatterns = [
    path("", group_views.index, name="index"),
    path("new/", group_views.new, name="new"),
    path("<int:pk>/", group_views.detail, name="detail"),
    path("<int:pk>/-/rename/", group_views.rename, name="rename"),
    path("<int:pk>/-/remove/", group_views.remove, name="remove"),
    path("<int:pk>/-/members/<int:person_pk>/remove/", group_views.remove_member, name="remove-member"),
]
