from __future__ import annotations

from allauth.account.views import LogoutView
from django.urls import path

from ganeti_webmgr.accounts import resetting, views

urlpatterns = [
    path("sign-in/", views.sign_in, name="account_login"),
    path("sign-out/", LogoutView.as_view(), name="account_logout"),
    path("password/reset/", resetting.ask, name="password_reset"),
    path("password/reset/sent/", resetting.sent, name="password_reset_sent"),
    path(
        "password/reset/<str:uidb64>/<str:token>/",
        resetting.Confirm.as_view(),
        name="password_reset_confirm",
    ),
    path("me/", views.profile, name="profile"),
    path("me/keys/", views.keys, name="keys"),
    path("me/keys/<int:pk>/-/remove/", views.remove_key, name="remove_key"),
    path("me/sessions/", views.open_sessions, name="sessions"),
    path("me/sessions/-/end-others/", views.end_other_sessions, name="end_other_sessions"),
    path("me/sessions/<slug:public_id>/-/end/", views.end_session, name="end_session"),
    path("me/password/", views.password_change, name="password_change"),
]
