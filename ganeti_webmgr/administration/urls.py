from __future__ import annotations

from django.urls import path

from ganeti_webmgr.administration import views
from ganeti_webmgr.administration.forms import FORMS

app_name = "administration"
urlpatterns = [
    path("<slug:slug>/-/administration/", views.home, name="home"),
    path("<slug:slug>/-/modify/", views.modify, name="modify"),
    path("<slug:slug>/-/modify/review/", views.review, name="review"),
    path("<slug:slug>/-/rules/add/", views.rule, name="add-rule"),
    path("<slug:slug>/-/rules/<str:uuid>/", views.rule, name="rule"),
    path("<slug:slug>/-/rules/<str:uuid>/remove/", views.remove_rule, name="remove-rule"),
    *(path(f"<slug:slug>/-/{verb}/", views.act, {"verb": verb}, name=verb) for verb in FORMS),
]
