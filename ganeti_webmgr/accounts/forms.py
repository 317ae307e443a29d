"""What a person types about the own account."""

from __future__ import annotations

from django.contrib.auth.forms import PasswordChangeForm

from ganeti_webmgr.accounts.models import User


class NewPasswordForm(PasswordChangeForm):
    """A new password, after the present one; it is then no longer temporary."""

    def save(self, commit: bool = True) -> User:
        self.user.password_is_temporary = False
        return super().save(commit=commit)
