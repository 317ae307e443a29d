"""What a person types about clusters."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError

from ganeti_webmgr.clusters.models import Checkup, Cluster, slug_shape, unreserved
from ganeti_webmgr.clusters.onboarding import DEFAULT_PORT, whole_url


class ConnectionForm(forms.Form):
    """Where a cluster is, and as whom to speak to it."""

    address = forms.CharField(
        max_length=253, help_text="Name of the cluster, not of a node, so that it follows the master."
    )
    port = forms.IntegerField(min_value=1, max_value=65535, initial=DEFAULT_PORT)
    username = forms.CharField(
        label="RAPI user",
        max_length=100,
        initial="gwm",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="One who may only read makes the cluster read-only here.",
    )
    password = forms.CharField(
        max_length=200,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Kept encrypted; never shown again.",
    )
    tls = forms.ChoiceField(
        label="Who answers is verified by",
        choices=[
            (Cluster.Tls.SYSTEM, "Authorities that this system trusts; else ask me"),
            (Cluster.Tls.PINNED, "The fingerprint of its certificate"),
            (Cluster.Tls.OWN_CA, "An authority of our own"),
            (Cluster.Tls.UNVERIFIED, "Nothing: the password goes to whoever answers"),
        ],
    )
    fingerprint = forms.CharField(
        label="Fingerprint, SHA-256",
        max_length=95,
        required=False,
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
        help_text="Empty: what the check finds is offered to be trusted.",
    )
    ca_pem = forms.CharField(
        label="Certificate authority",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text="PEM",
    )

    def connection(self) -> dict[str, Any]:
        """What was typed, as a checkup takes it."""
        typed = dict(self.cleaned_data)
        return {"url": typed.pop("url"), **{name: typed[name] for name in typed if name not in NOT_KEPT}}

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if trusted := self.data.get("trust"):
            typed["tls"], typed["fingerprint"] = Cluster.Tls.PINNED, str(trusted)[:95]
        elif typed.get("tls") == Cluster.Tls.PINNED and not typed.get("fingerprint"):
            typed["tls"] = Cluster.Tls.SYSTEM  # what is found is offered then
        if "address" in typed and "port" in typed:
            host = typed["address"].strip()
            try:
                typed["url"] = whole_url(_with_port(host, typed["port"]))
            except ValidationError as error:
                self.add_error("address", error.messages)
        return typed


class NewClusterForm(ConnectionForm):
    """The same, and what the cluster is called here."""

    name = forms.CharField(max_length=255, required=False, help_text="Empty: its address.")
    slug = forms.CharField(
        label="Short name",
        max_length=80,
        required=False,
        validators=[slug_shape, unreserved],
        help_text="Its word in addresses. Empty: made of the name.",
    )
    field_order = ["address", "port", "name", "slug"]

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        typed["name"] = typed.get("name") or (urlsplit(typed["url"]).hostname if "url" in typed else "")
        return typed


class SettingsForm(forms.Form):
    """What a cluster is called here, and whether anything may be changed on it."""

    name = forms.CharField(max_length=255)
    slug = forms.CharField(
        label="Short name",
        max_length=80,
        validators=[slug_shape, unreserved],
        help_text="Its word in addresses. Links with the former one keep working.",
    )
    read_only = forms.BooleanField(
        label="Read-only",
        required=False,
        help_text="Nothing is changed on it from here, whoever asks.",
    )


class RemovalForm(forms.Form):
    """The name of what goes, typed by hand."""

    typed = forms.CharField(label="Type the cluster's name", max_length=255)

    def __init__(self, *args: Any, name: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self._name = name

    def clean_typed(self) -> str:
        if self.cleaned_data["typed"] != self._name:
            raise forms.ValidationError(f"Type {self._name}.")
        return self._name


NOT_KEPT = {"address", "port"}


def shown(row: Cluster | Checkup) -> dict[str, Any]:
    """What the form shows of a connection that is known; never its password."""
    parts = urlsplit(row.url)
    names = ("name", "slug", "username", "tls", "fingerprint", "ca_pem")
    return {"address": parts.hostname, "port": parts.port, **{name: getattr(row, name) for name in names}}


def _with_port(host: str, port: int) -> str:
    """The address with its port; one that was typed with the address wins."""
    if "/" not in host and host.count(":") > 1 and not host.startswith("["):
        return f"[{host}]:{port}"
    bare = host.rsplit("//", maxsplit=1)[-1].split("/", maxsplit=1)[0]
    has_port = bare.rpartition("]")[2].count(":") == 1
    return host if has_port else f"{host.rstrip('/')}:{port}"
