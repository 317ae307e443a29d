from __future__ import annotations

from django.urls import path

from ganeti_webmgr.vms.creation import views

urlpatterns = [
    path("", views.new, name="new"),
    path("look/", views.look, name="look"),
    path("answer/<int:pk>/", views.answer, name="answer"),
    path("batch/<str:token>/", views.batch, name="batch"),
]
