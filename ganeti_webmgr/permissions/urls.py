from __future__ import annotations

from django.urls import path

from ganeti_webmgr.permissions import views

app_name = "projects"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.new, name="new"),
    path("<slug:slug>/", views.detail, name="detail"),
    path("<slug:slug>/-/edit/", views.edit, name="edit"),
    path("<slug:slug>/-/access/", views.access, name="access"),
    path("<slug:slug>/-/members/", views.add_member, name="add-member"),
    path("<slug:slug>/-/members/<int:pk>/", views.change_member, name="change-member"),
    path("<slug:slug>/-/members/<int:pk>/remove/", views.remove_member, name="remove-member"),
]
