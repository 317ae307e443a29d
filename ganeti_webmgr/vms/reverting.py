"""Taking one change back from what was typed, without typing the rest again."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.ui.pairs import pairs_of, written
from ganeti_webmgr.vms import hidden
from ganeti_webmgr.vms.forms.edit import EditForm
from ganeti_webmgr.vms.forms.parameters import own
from ganeti_webmgr.vms.images.parameters import PRIVATE

NEW = "-1"  # the target of a device that is not there yet


def reverted(typed: QueryDict, key: str, begun: EditForm, by: User) -> QueryDict:
    """What was typed, but for the change of that key, which is as the form begins."""
    data = typed.copy()
    kind, _, name = key.partition("/")
    if kind == "osparams":
        _revert_pair(data, name, begun)
    elif kind == "private":
        _revert_private(data, name, begun, by)
    else:
        for form, field in _fields(kind, name, begun):
            _reset(data, form, field)
    return data


def _fields(kind: str, name: str, begun: EditForm) -> list[tuple[forms.Form, str]]:
    """The fields of the page in which the change was typed."""
    if kind in ("beparams", "hvparams"):
        parameters = begun.size if kind == "beparams" else begun.hypervisor
        return [(parameters, field) for field in (name, own(name)) if field in parameters.fields]
    single: dict[str, tuple[forms.Form, str]] = {
        "os": (begun.system, "os"),
        "now": (begun.live, "memory_now_mib"),
        "policy": (begun.manner, "ignore_policy"),
    }
    if kind in single:
        form, field = single[kind]
        return [(form, field)] if field in form.fields else []
    target, _, part = name.partition("/")
    device = _device(kind, target, part, begun)
    if device is None:
        return []
    if target == NEW:
        return [(device, field) for field in device.fields]
    return [(device, part)] if part in device.fields else []


def _device(kind: str, target: str, part: str, begun: EditForm) -> forms.Form | None:
    if target == NEW:
        new = {"nics": begun.new_nic, "disks": begun.attached if part == "attach" else begun.new_disk}
        return new.get(kind)
    there: dict[str, forms.Form] = {**dict(begun.nics), **dict(begun.disks)}
    return there.get(target)


def _reset(data: QueryDict, form: forms.Form, field: str) -> None:
    bound = form[field]
    value = bound.field.prepare_value(bound.value())
    data.pop(bound.html_name, None)
    if value not in (None, False):
        data[bound.html_name] = "on" if value is True else str(value)


def _revert_pair(data: QueryDict, name: str, begun: EditForm) -> None:
    try:
        pairs = pairs_of(data.get("osparams", ""))
    except forms.ValidationError:
        return
    pairs.pop(name, None)
    if name in begun.system.own:
        pairs[name] = str(begun.system.own[name])
    data["osparams"] = written(pairs)


def _revert_private(data: QueryDict, name: str, begun: EditForm, by: User) -> None:
    before = hidden.kept(data.get("sealed", ""), by)[PRIVATE]
    data["sealed"] = hidden.carried({PRIVATE: {each: before[each] for each in before if each != name}}, by)
    free = begun.private.add_prefix("name")
    if data.get(free) == name:
        data.pop(free)
