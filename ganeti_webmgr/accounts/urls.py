from __future__ import annotations

from allauth.account.views import LoginView, LogoutView
from django.urls import path

from ganeti_webmgr.accounts import views

urlpatterns = [
    path("sign-in/", LoginView.as_view(), name="account_login"),
    path("sign-out/", LogoutView.as_view(), name="account_logout"),
    path("me/password/", views.password_change, name="password_change"),
]
