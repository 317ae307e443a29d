"""Addresses, ranges and prefixes as people type them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any

from django import forms

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}")
PREFIX = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){2}")
MOST = 4096  # addresses at once
LARGEST, SMALLEST = 16, 30  # networks that Ganeti takes
NARROW = {"autocomplete": "off", "spellcheck": "false"}


class NameField(forms.CharField):
    """The name of a network that is made."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=255, widget=forms.TextInput(attrs=NARROW), **options)

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not NAME.fullmatch(typed):
            raise forms.ValidationError("Names have letters, digits, hyphens, dots and underscores.")
        return typed


class AddressField(forms.CharField):
    """One address, as it is written shortest."""

    def __init__(self, kind: type[IPv4Address | IPv6Address], **options: Any) -> None:
        super().__init__(max_length=60, widget=forms.TextInput(attrs=NARROW), **options)
        self._kind = kind

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return typed
        try:
            return str(self._kind(typed))
        except AddressValueError:
            version = "IPv6" if self._kind is IPv6Address else "IPv4"
            raise forms.ValidationError(f"“{typed}” is not an {version} address.") from None


class RangeField(forms.CharField):
    """A range of addresses with its length, which begins where such a range can begin."""

    def __init__(self, kind: type[IPv4Network | IPv6Network], **options: Any) -> None:
        super().__init__(max_length=60, widget=forms.TextInput(attrs=NARROW), **options)
        self._kind = kind

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return typed
        try:
            found = self._kind(typed, strict=False)
        except ValueError:
            found = None
        if found is None or "/" not in typed:
            example = "2001:db8:20:4::/64" if self._kind is IPv6Network else "10.20.4.0/24"
            raise forms.ValidationError(f"Write the range with its length, like {example}.")
        if str(found.network_address) != str(type(found.network_address)(typed.split("/")[0])):
            raise forms.ValidationError(f"That lies within {found}. Is that meant?")
        return str(found)


class PrefixField(forms.CharField):
    """The first half of MAC addresses."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=20, widget=forms.TextInput(attrs=NARROW), **options)

    def clean(self, value: Any) -> Any:
        typed = str(super().clean(value)).lower()
        if typed and not PREFIX.fullmatch(typed):
            raise forms.ValidationError("A prefix has three parts, like aa:00:04.")
        return typed


class AddressesField(forms.CharField):
    """Addresses and runs of them, one after the other."""

    def __init__(self, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})
        help_text = "With spaces, commas or in lines; runs like 10.20.4.5-10.20.4.9 or 10.20.4.5-9."
        super().__init__(max_length=100_000, widget=widget, help_text=help_text, **options)

    def clean(self, value: Any) -> Any:
        found: dict[str, None] = {}
        typed = " ".join(super().clean(value).replace(",", " ").split())
        for part in re.sub(r" ?[-–] ?", "-", typed).split():
            first, last = _ends(part)
            if last - first >= MOST or len(found) + last - first >= MOST:
                raise forms.ValidationError(f"At most {MOST:,} addresses at once.")
            found |= dict.fromkeys(_between(first, last))
        return tuple(found)


def _between(first: int, last: int) -> Iterator[str]:
    return (str(IPv4Address(number)) for number in range(first, last + 1))


def _ends(part: str) -> tuple[int, int]:
    begins, dash, ends = part.partition("-")
    if dash and ends.isdecimal():
        ends = f"{begins.rpartition('.')[0]}.{ends}"
    try:
        first = IPv4Address(begins)
        last = IPv4Address(ends) if dash else first
    except AddressValueError:
        raise forms.ValidationError(f"“{part[:40]}” is not an IPv4 address, nor a run of them.") from None
    if last < first:
        raise forms.ValidationError(f"“{part}” ends before it begins.")
    return int(first), int(last)
