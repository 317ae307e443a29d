"""How much machines may have in a group. What is left empty comes from the cluster."""

from __future__ import annotations

from typing import Any

from django import forms

from ganeti_webmgr.jobs import inherited
from ganeti_webmgr.nodes.groups import policy
from ganeti_webmgr.nodes.groups.commands import ChangePolicy
from ganeti_webmgr.nodes.groups.parameter_forms import SOURCE, ChangeForm
from ganeti_webmgr.ui.sizes import SizeField
from ganeti_webmgr.ui.state import State
from ganeti_webmgr.ui.wording import spelled

BOUNDS = {"min": "at least", "max": "at most"}


class ChangePolicyForm(ChangeForm):
    command_class = ChangePolicy
    verb = "policy"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._own, self._above = policy.own_policy(self.on), policy.policy_above(self.on)
        pairs = self._own.get("minmax") or []
        self._has_ranges = len(pairs) > 1 or len(self._above.get("minmax") or []) != 1
        if not self._has_ranges:
            self._own_range, self._above_range = (pairs or [{}])[0], self._above["minmax"][0]
            for bound in BOUNDS:
                for key in policy.SPECS:
                    self.fields[f"{bound}-{key}"] = self._limit(bound, key)
            self.order_fields([f"{bound}-{key}" for key in policy.SPECS for bound in BOUNDS])
        self.fields["disk-templates"] = self._kinds()
        self.fields |= inherited.fields(policy.RATIOS, own=self._own, above=self._above, source=SOURCE)

    def points(self) -> list[State]:
        told = ["It counts when a machine is made or changed; those that are there stay as they are."]
        if self._has_ranges:
            told.append("There are several ranges. Change them on the master: gnt-group modify.")
        return [State("quiet", "info-circle", text) for text in told]

    def clean(self) -> dict[str, Any]:
        for key in policy.SPECS:
            least, most = (self._wanted(bound, key) for bound in BOUNDS)
            if least is not None and most is not None and least > most:
                self.add_error(f"max-{key}", f"Less than the {policy.say(key, least)} that it has at least.")
        return super().clean()

    def parameters(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        changed = inherited.changes(policy.RATIOS, own=self._own, chosen=chosen)
        kinds = chosen.get("disk-templates") or []
        if kinds and set(kinds) != set(self._own.get("disk-templates") or ()):
            changed["disk-templates"] = kinds
        elif not kinds and "disk-templates" in self._own:
            changed["disk-templates"] = inherited.DEFAULT
        if not self._has_ranges:
            changed |= self._changed_range()
        return {"ipolicy": changed} if changed else {}

    def _changed_range(self) -> dict[str, Any]:
        """All limits are sent together: those that were left empty as they come from above."""
        typed = {
            name: self.cleaned_data.get(name) for name in self.fields if name.startswith(("min-", "max-"))
        }
        if all(value is None for value in typed.values()):
            return {"minmax": inherited.DEFAULT} if self._own_range else {}
        wanted = {bound: {key: self._wanted(bound, key) for key in policy.SPECS} for bound in BOUNDS}
        return {} if wanted == self._own_range else {"minmax": [wanted]}

    def _wanted(self, bound: str, key: str) -> Any:
        typed = self.cleaned_data.get(f"{bound}-{key}")
        return self._above_range[bound].get(key) if typed is None and not self._has_ranges else typed

    def _limit(self, bound: str, key: str) -> forms.Field:
        options: dict[str, Any] = {
            "label": f"{policy.SPECS[key]}, {BOUNDS[bound]}",
            "required": False,
            "initial": self._own_range.get(bound, {}).get(key),
            "help_text": f"Empty: {policy.say(key, self._above_range[bound].get(key))}, from {SOURCE}.",
        }
        if key in policy.SIZES:
            return SizeField(**options)
        return forms.IntegerField(min_value=0, max_value=100_000, **options)

    def _kinds(self) -> forms.Field:
        known = [*(self.on.cluster.info.get("enabled_disk_templates") or [])]
        names = dict.fromkeys([*known, *self._above.get("disk-templates", []), *self._own_kinds])
        return forms.MultipleChoiceField(
            label="Kinds of disk",
            required=False,
            choices=[(name, spelled(name)) for name in names],
            initial=self._own_kinds,
            widget=forms.CheckboxSelectMultiple,
            help_text=f"None ticked: {policy.kinds(self._above.get('disk-templates') or [])}, from {SOURCE}.",
        )

    @property
    def _own_kinds(self) -> list[str]:
        return list(self._own.get("disk-templates") or ())
