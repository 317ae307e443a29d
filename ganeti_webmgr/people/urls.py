from __future__ import annotations

from django.urls import path

from ganeti_webmgr.people import views

app_name = "people"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/-/edit/", views.edit, name="edit"),
    path("<int:pk>/-/password/", views.set_password, name="password"),
    path("<int:pk>/-/deactivate/", views.deactivate, name="deactivate"),
    path("<int:pk>/-/activate/", views.activate, name="activate"),
]
