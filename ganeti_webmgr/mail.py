"""The mail server of a site, from the one address that names it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

# Not into the log: what is sent may be a secret.
NOWHERE = {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
PORTS = {"smtp": 25, "smtps": 465}


def mail_settings(url: str) -> dict[str, Any]:
    """Django's settings for `smtp://user:password@host:port/?tls`; ValueError where it is no such address."""
    if not url:
        return NOWHERE
    parts = urlsplit(url)
    options = parse_qs(parts.query, keep_blank_values=True)
    if parts.scheme not in PORTS or not parts.hostname or options.keys() - {"tls"}:
        raise ValueError("GWM_EMAIL_URL: write smtp://user:password@host:587/?tls, or smtps://host")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": "tls" in options,
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }
