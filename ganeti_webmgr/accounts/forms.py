"""What a person types about the own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.accounts.services import change_password
from ganeti_webmgr.accounts.zones import zones

RULES = "At least 8 characters, not only digits, no common password, and not like your name."


class NewPasswordForm(PasswordChangeForm):
    """A new password, after the present one."""

    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": "This is not your old password.",
        "password_mismatch": "The two new passwords differ.",
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["new_password1"].help_text = RULES
        self.fields["new_password2"].help_text = ""

    def save(self, commit: bool = True, *, session_key: str | None = None) -> User:
        change_password(self.user, self.cleaned_data["new_password1"], session_key=session_key)
        self.user.refresh_from_db()
        return self.user


class ResetPasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # no generic at runtime
    """A new password, after a link that came by mail."""

    def save(self, commit: bool = True) -> Any:
        change_password(self.user, self.cleaned_data["new_password1"], by_mail=True)
        return self.user


class LostPasswordForm(forms.Form):
    """Whose password is lost."""

    email = forms.EmailField(label="Mail address", widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at runtime
    """Name, mail and time zone of the person."""

    time_zone = forms.ChoiceField(label="Time zone", required=False)
    password = forms.CharField(
        label="Your password",
        required=False,
        strip=False,
        help_text="Only to change the mail address: with it one gets a new password.",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    class Meta:
        model = User
        fields = ["first_name", "last_name", "email", "time_zone"]
        labels = {"first_name": "First name", "last_name": "Last name", "email": "Mail"}
        widgets = {"email": forms.EmailInput(attrs={"autocomplete": "email"})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        places = [(name, name.replace("_", " ")) for name in zones()]
        zone: Any = self.fields["time_zone"]
        zone.choices = [("", f"As on this site ({settings.TIME_ZONE})"), *places]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        password = said.pop("password", "")
        is_known = self.instance.check_password(password) if "email" in self.changed_data else True
        if not is_known:
            self.add_error("password", "The mail address is changed with your present password only.")
        return said


class KeyForm(forms.Form):
    """A public key to be added."""

    text = forms.CharField(
        label="New key",
        max_length=16384,
        help_text="The public half: the one line of the .pub file.",
        widget=forms.Textarea(
            attrs={"rows": 3, "placeholder": "ssh-ed25519 AAAA… you@laptop", "spellcheck": "false"}
        ),
    )
    name = forms.CharField(
        label="Name", max_length=100, required=False, help_text="Where it is; else what stands after the key."
    )
