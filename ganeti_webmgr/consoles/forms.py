"""What a person writes about consoles."""

from __future__ import annotations

import ssl

from django import forms

from ganeti_webmgr.consoles.models import Kind, Mode

LONGEST_VNC_PASSWORD = 8


class TicketForm(forms.Form):
    """Which console of the machine, and whether to touch it."""

    kind = forms.ChoiceField(choices=Kind.choices)
    mode = forms.ChoiceField(choices=Mode.choices)


class EndForm(forms.Form):
    """Which consoles are to end, and what their people are told."""

    console = forms.TypedMultipleChoiceField(coerce=int)
    reason = forms.CharField(max_length=100, required=False)

    def __init__(self, *args: object, choices: list[int], **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["console"].choices = [(pk, pk) for pk in choices]  # type: ignore[attr-defined]


class ClusterConsolesForm(forms.Form):
    """How the screens of a cluster's machines are reached."""

    password = forms.CharField(
        label="VNC password",
        max_length=LONGEST_VNC_PASSWORD,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="What the file named by vnc_password_file holds on the nodes. At most eight "
        "characters count."
        "Empty: the stored one stays.",
    )
    forget_password = forms.BooleanField(label="Forget the stored password", required=False)
    ca_pem = forms.CharField(
        label="Certificate authority",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text="PEM. It signs the certificates that screens show where vnc_tls is on with vnc_x509_path.",
    )
    reached_directly = forms.BooleanField(
        label="People's own computers reach the console ports of the nodes",
        required=False,
        help_text="Offers files for desktop viewers. They go past this site: what is done with them "
        "is not seen here.",
    )

    def clean_ca_pem(self) -> str:
        pem = str(self.cleaned_data["ca_pem"]).strip()
        if pem:
            try:
                ssl.create_default_context(cadata=pem)
            except (ssl.SSLError, ValueError):
                raise forms.ValidationError("This is no certificate in PEM.") from None
        return pem

    @property
    def new_password(self) -> str | None:
        """None: as it is."""
        if self.cleaned_data["forget_password"]:
            return ""
        return self.cleaned_data["password"] or None
