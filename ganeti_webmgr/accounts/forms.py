"""What a person types about the own account."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import PasswordChangeForm

from ganeti_webmgr.accounts.models import User

RULES = "At least 8 characters, not only digits, no common password, and not like your name."


class NewPasswordForm(PasswordChangeForm):
    """A new password, after the present one; it is then no longer temporary."""

    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": "This is not your old password.",
        "password_mismatch": "The two new passwords differ.",
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["new_password1"].help_text = RULES
        self.fields["new_password2"].help_text = ""

    def save(self, commit: bool = True) -> User:
        self.user.password_is_temporary = False
        return super().save(commit=commit)
