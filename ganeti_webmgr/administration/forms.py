"""Forms of what can be done to a cluster as a whole."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django import forms

from ganeti_webmgr.administration.changes import differing
from ganeti_webmgr.administration.commands import RedistributeConfig
from ganeti_webmgr.administration.rules import conditions, predicates_of
from ganeti_webmgr.administration.settings import Choices, Setting, settings
from ganeti_webmgr.administration.tags import ClusterTagsForm
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.forms import CommandForm, by_verb
from ganeti_webmgr.jobs.models import QueueRule
from ganeti_webmgr.jobs.rules import LIMIT
from ganeti_webmgr.jobs.vocabulary import OPERATIONS, plain
from ganeti_webmgr.vms.hypervisors import told

LONGEST = 2000


class RedistributeForm(CommandForm):
    command_class = RedistributeConfig
    verb = "redistribute"
    note = "Every node gets the configuration once more. Jobs go on meanwhile."


FORMS = by_verb(RedistributeForm, ClusterTagsForm)


@dataclass(frozen=True)
class Row:
    """A setting with its field."""

    setting: Setting
    field: forms.BoundField


class ModifyForm(forms.Form):
    """All settings of a cluster; `wanted` has those that were changed, by their keys."""

    def __init__(self, data: Any, *, cluster: Cluster) -> None:
        super().__init__(data)
        self.settings = settings(cluster.info)
        for each in self.settings:
            self.fields[each.key] = _field(each)

    def rows(self) -> dict[str, list[Row]]:
        """By section."""
        found: dict[str, list[Row]] = {}
        for each in self.settings:
            found.setdefault(each.section, []).append(Row(each, self[each.key]))
        return found

    def broken(self) -> set[str]:
        """The sections in which something does not fit."""
        return {each.section for each in self.settings if each.key in self.errors}

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = {}
        for each in self.settings:
            text = self.cleaned_data.get(each.key)
            if text is None or text == written(each.now):
                continue  # also what could not be typed here stays as it is
            try:
                typed[each.key] = each.parameter.read(text)
            except ValueError as error:
                self.add_error(each.key, str(error))
        self.wanted = differing(self.settings, typed)
        if not self.errors and not self.wanted:
            self.add_error(None, "Nothing was changed.")
        return self.cleaned_data


def written(value: Any) -> str:
    """The value as its field holds it."""
    return ", ".join(map(str, value)) if isinstance(value, list) else told(value)


def _field(each: Setting) -> forms.Field:
    parameter = each.parameter
    about: dict[str, Any] = {
        "label": each.title,
        "help_text": parameter.help,
        "required": False,
        "initial": written(each.now),
        "max_length": LONGEST,
    }
    if parameter.kind == "bool":
        return forms.CharField(widget=forms.Select(choices=[("true", "on"), ("false", "off")]), **about)
    if parameter.kind == "choice" and not isinstance(parameter, Choices):
        known = dict.fromkeys([*parameter.choices, told(each.now)])
        choices = [(choice, choice or "not set") for choice in known]
        return forms.CharField(widget=forms.Select(choices=choices), **about)
    return forms.CharField(strip=False, **about)


ACTIONS = (
    ("PAUSE", "Hold them back until the rule is gone"),
    (LIMIT, "Let only some run at once"),
    ("REJECT", "Turn them away"),
    ("ACCEPT", "Let them pass, whatever later rules say"),
    ("CONTINUE", "Nothing: later rules decide"),
)


# With Ganeti's words, as several of ours are the same.
OPERATIONS_BY_NAME = sorted(
    ((op, f"{label} ({plain(op).lower()})") for op, (label, _) in OPERATIONS.items()),
    key=itemgetter(1),
)


class RuleForm(forms.Form):
    """A rule of the job queue. Conditions that this form does not know are kept as they are."""

    said = forms.CharField(label="What for", max_length=200, help_text="Whoever waits reads this.")
    action = forms.ChoiceField(label="What happens to the jobs", choices=ACTIONS, widget=forms.RadioSelect)
    limit = forms.IntegerField(
        label="How many at once", required=False, min_value=1, max_value=10_000, help_text="Of a limit."
    )
    operations = forms.MultipleChoiceField(
        label="Which jobs",
        required=False,
        choices=OPERATIONS_BY_NAME,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text="None chosen: all.",
    )
    reason = forms.CharField(
        label="Whose reason matches",
        required=False,
        max_length=200,
        help_text="A regular expression, as ^gwm:alice: for what alice asks for here.",
    )
    only_new = forms.BooleanField(label="Only those that are asked for from now on", required=False)
    priority = forms.IntegerField(
        label="Priority", min_value=0, max_value=1_000_000, initial=0, help_text="Lower ones count first."
    )

    def __init__(self, data: Any, *, rule: QueueRule | None = None) -> None:
        self.rule = rule
        self._kept = None
        known = conditions(rule.predicates) if rule else {"only_new": True}
        super().__init__(data, initial={"action": "PAUSE", **(known or {}), **(_about(rule) if rule else {})})
        if rule and known is None:
            self._kept = rule.predicates
            for name in ("operations", "reason", "only_new"):
                del self.fields[name]

    @property
    def kept(self) -> str:
        """The conditions that stay as they are, as Ganeti has them; empty where the fields say all."""
        return json.dumps(self._kept, indent=1) if self._kept is not None else ""

    def clean_reason(self) -> str:
        typed: str = self.cleaned_data["reason"]
        try:
            re.compile(typed)
        except re.error as error:
            raise forms.ValidationError(f"This is no regular expression: {error}.") from None
        return typed

    def clean(self) -> dict[str, Any]:
        is_open = "limit" not in self.errors and not self.cleaned_data.get("limit")
        if is_open and self.cleaned_data.get("action") == LIMIT:
            self.add_error("limit", "Say how many may run at once.")
        return self.cleaned_data

    def parameters(self) -> dict[str, Any]:
        """What the command takes."""
        chosen = self.cleaned_data
        action = chosen["action"]
        return {
            "uuid": self.rule.uuid if self.rule else str(uuid.uuid4()),
            "action": [LIMIT, chosen["limit"]] if action == LIMIT else action,
            "predicates": self._kept if self._kept is not None else predicates_of(**_conditions(chosen)),
            "priority": chosen["priority"],
            "said": chosen["said"],
        }


def _conditions(chosen: Mapping[str, Any]) -> dict[str, Any]:
    return {name: chosen[name] for name in ("operations", "reason", "only_new")}


def _about(rule: QueueRule) -> dict[str, Any]:
    limit = rule.action[1] if rule.kind == LIMIT else None
    said = "" if rule.said == rule.uuid else rule.said
    return {"action": rule.kind, "limit": limit, "said": said, "priority": rule.priority}
