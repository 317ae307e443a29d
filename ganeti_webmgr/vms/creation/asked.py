"""All that a person asks for on the form: its parts, what is wrong with them, and what comes of them."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Literal

from django import forms
from django.http import QueryDict

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster, OperatingSystem
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.ui.rows import Rows, draft
from ganeti_webmgr.vms import hidden
from ganeti_webmgr.vms.creation import keys
from ganeti_webmgr.vms.creation.blueprint import Blueprint
from ganeti_webmgr.vms.creation.devices import DiskForm, FreeParameterForm, NicForm
from ganeti_webmgr.vms.creation.filled import Start, disks_of, fields_of, free_of, nics_of
from ganeti_webmgr.vms.creation.form import OWN, CreationForm
from ganeti_webmgr.vms.creation.ground import FIRST_ALLOCATOR, Ground
from ganeti_webmgr.vms.creation.limits import MOST_DISKS, MOST_NICS
from ganeti_webmgr.vms.creation.settings import HypervisorForm, SystemForm
from ganeti_webmgr.vms.hypervisors import told
from ganeti_webmgr.vms.images.forms import say_twice
from ganeti_webmgr.vms.images.parameters import KEYS, PRIVATE, PUBLIC, SECRET, OsParameter, parameters_of

# Opened; given another row or cluster; looked at while it is typed; and sent.
Mode = Literal["opened", "draft", "live", "final"]


class Asked:
    """The form as a whole, over the ground of the cluster that was chosen."""

    def __init__(self, user: User, *, data: QueryDict | None, mode: Mode, start: Start) -> None:
        self.user, self.data, self.mode, self.start = user, data, mode, start
        self.problems: dict[str, str] = {}  # of whole sections
        self._raw: dict[str, Any] = dict(data.items()) if data is not None else fields_of(start)
        self.projects = projects_of(user)
        self.project = self._chosen_project()
        self.clusters = self._possible_clusters()
        self.ground = self._chosen_ground()
        self.kept = self._kept()
        self._make()

    # What is chosen first, because the rest depends on it.

    def _chosen_project(self) -> Project:
        slug = self._raw.get("project") or ""
        named = next((project for project in self.projects if (project.slug or OWN) == slug), None)
        shared = next((project for project in self.projects if project.personal_of_id is None), None)
        return named or shared or self.projects[0]

    def _possible_clusters(self) -> list[Cluster]:
        project = self.project if self.project.pk else None
        rows = Cluster.objects.filter(read_only=False, paused=False)
        possible = policy.deployable(self.user, project, rows, has_part=True)
        return list(possible.only("pk", "slug", "name", "trouble").order_by("name", "pk"))

    def _chosen_ground(self) -> Ground | None:
        slug = self._raw.get("cluster") or ""
        named = next((cluster for cluster in self.clusters if cluster.slug == slug), None)
        well = next((cluster for cluster in self.clusters if not cluster.trouble), None)
        # Where that is no choice any more, its field says so; the rest is kept over another's ground.
        chosen = named or well or next(iter(self.clusters), None)
        return Ground(Cluster.objects.get(pk=chosen.pk)) if chosen else None

    def _kept(self) -> dict[str, dict[str, str]]:
        """What was typed before that does not come back in the page."""
        sealed = self._raw.get("sealed", "") if self.data is not None else ""
        if not sealed:
            return {
                PRIVATE: dict(self.start.hidden.get(PRIVATE, {})),
                SECRET: dict(self.start.hidden.get(SECRET, {})),
            }
        return hidden.kept(sealed, self.user)

    @property
    def nowhere(self) -> str:
        """What to do where there is no cluster to choose."""
        if policy.sees_all(self.user):
            return "No cluster takes machines now. Add one, or resume one that is paused."
        return (
            f"{self.project} may not create machines on any cluster, nor may you. Choose another project, "
            "or ask an administrator of a cluster for the role Deployer."
        )

    @cached_property
    def administers(self) -> bool:
        """Whether the person may set what reaches into the nodes."""
        return policy.sees_all(self.user) or (
            self.ground is not None and policy.may(self.user, "admin", self.ground.cluster)
        )

    # The parts of the form.

    @property
    def template(self) -> str:
        return self._of_ground("disk_template", self.ground.templates if self.ground else [])

    @property
    def hypervisor(self) -> str:
        return self._of_ground("hypervisor", self.ground.hypervisors if self.ground else [])

    def _of_ground(self, name: str, there: list[str]) -> str:
        """What was chosen, or the cluster's first where that is not there (any more)."""
        asked = str(self._raw.get(name) or "")
        return asked if asked in there else next(iter(there), "")

    @cached_property
    def system(self) -> OperatingSystem | None:
        return self.ground.system(str(self._raw.get("os") or "")) if self.ground else None

    @property
    def shows_settings(self) -> bool:
        """Whether the parameters of the hypervisor are there to be set."""
        return bool(self._raw.get("settings")) or (self.data is None and bool(self.start.plan.hvparams))

    def _make(self) -> None:
        chosen = {name: str(self._raw.get(name) or "") for name in ("placement",)}
        chosen["os"] = self.start.plan.os
        self.form: CreationForm = self._part(
            CreationForm,
            initial=fields_of(self.start),
            projects=self.projects,
            clusters=self.clusters,
            ground=self.ground,
            chosen=chosen,
            administers=self.administers,
            may_go_over=policy.sees_all(self.user),
        )
        if self.mode in {"opened", "draft"}:
            self.form.initial["project"] = self.project.slug or OWN
            self.form.initial["cluster"] = self.ground.cluster.slug if self.ground else ""
            self.form.initial["disk_template"] = self.template
            self.form.initial["hypervisor"] = self.hypervisor
        if self.ground:
            self._make_parts(self.ground)

    def _make_parts(self, ground: Ground) -> None:
        group = str(self._raw.get("group") or "") if self._raw.get("placement") == "group" else ""
        self.disks = self._rows(
            DiskForm,
            "disk",
            disks_of(self.start, self.template),
            MOST_DISKS,
            template=self.template,
            ground=ground,
            may_adopt=self.administers,
        )
        if self.template == "diskless":
            self.disks.forms = []
        self.nics = self._rows(
            NicForm,
            "nic",
            nics_of(self.start),
            MOST_NICS,
            ground=ground,
            group=group,
            may_connect=self.administers,
        )
        kept = frozenset(self.kept[PRIVATE]) | frozenset(self.kept[SECRET])
        described = parameters_of(self.system)
        names = frozenset(parameter.name for parameter in described)
        self.free = self._rows(FreeParameterForm, "osp", free_of(self.start, names), 40, kept=kept)
        self.told: SystemForm = self._part(
            SystemForm,
            prefix="os",
            initial=self._told_before(described),
            parameters=described,
            keys=self._keys(described),
            kept=kept,
        )
        self.settings = self._settings(ground)

    def _settings(self, ground: Ground) -> HypervisorForm:
        """Bound only where the page has shown it, and for the same system: else nothing was typed into it."""
        options: dict[str, Any] = {
            "prefix": "hv",
            "inherited": ground.inherited(self.hypervisor, str(self._raw.get("os") or "")),
            "preset": self.system.hvparams if self.system else {},
            # By whoever decides about that cluster, and about no other.
            "granted": self.start.granted if ground.cluster.slug == self.start.cluster else {},
            "administers": self.administers,
            "is_shown": self.shows_settings,
        }
        shown = str(self._raw.get("settings") or "")
        if self.data is None:
            before = {name: told(value) for name, value in self.start.plan.hvparams.items()}
            return HypervisorForm(initial=before, **options)
        same = shown == self.settings_of
        if self.mode != "draft" and "/" in shown:
            # Another system changes what the values begin with; another hypervisor, what they mean.
            same = shown.split("/")[:2] == self.settings_of.split("/")[:2]
            if not same:
                self.problems["settings"] = (
                    "These are the settings of another hypervisor now. Look at them again."
                )
        if not same:
            return HypervisorForm(**options)
        form: HypervisorForm = self._part(HypervisorForm, **options)
        return form

    @property
    def settings_of(self) -> str:
        """What the shown parameters were those of."""
        cluster = self.ground.cluster.slug if self.ground else ""
        return f"{cluster}/{self.hypervisor}/{self._raw.get('os') or ''}"

    def _part(self, form: type[Any], **options: Any) -> Any:
        if self.data is None:
            return form(**options)
        options.pop("initial", None)
        if self.mode == "draft":
            return draft(form, self.data, **options)
        return form(self.data, **options)

    def _rows(
        self, form: type[Any], prefix: str, initial: list[dict[str, Any]], most: int, **options: Any
    ) -> Rows[Any]:
        checked = self.mode != "draft"
        return Rows(form, prefix, data=self.data, checked=checked, initial=initial, most=most, **options)

    def _keys(self, described: list[OsParameter]) -> list[tuple[str, str]]:
        if not any(parameter.role == KEYS for parameter in described):
            return [(keys.NONE, "None")]
        project = self.project if self.project.pk else None
        kept = any(self.start.plan.osparams.get(each.name) for each in described if each.role == KEYS)
        return keys.choices(self.user, project, kept=kept)

    def _told_before(self, described: list[OsParameter]) -> dict[str, str]:
        before = self.start.plan.osparams
        return {
            parameter.name: keys.KEPT if parameter.role == KEYS else before[parameter.name]
            for parameter in described
            if parameter.name in before
        }

    # What comes of it.

    @property
    def parts(self) -> list[forms.Form]:
        """Every form there is, in the order of the page."""
        if not self.ground:
            return [self.form]
        rows = [*self.disks, *self.nics, *self.free]
        return [self.form, *rows, self.told, *([self.settings] if self.settings.is_bound else [])]

    def are_valid(self) -> bool:
        """Whether each field by itself is; all are looked at, so that all have their errors."""
        valid = [part.is_valid() for part in self.parts]
        if not self.ground:
            return False
        twice = say_twice(self.free) if all(part.is_valid() for part in self.free) else False
        for part in self.free:
            if part.cleaned_data.get("name") in self.told.parameters:
                part.add_error("name", "This stands above already.")
                twice = True
        return all(valid) and not twice and not self.problems

    @property
    def names(self) -> list[str]:
        return self.form.names

    def plan(self) -> Blueprint:
        """What was asked for, as far as it can be read."""
        values = {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "")}
        plain = {name: values[name] for name in FROM_FIELDS if name in values}
        disks, nics = [form.disk() for form in self.disks], [form.nic() for form in self.nics]
        allocator = values.get("allocator", "")
        if not allocator and not values.get("primary_node") and self.ground and not self.ground.allocator:
            allocator = FIRST_ALLOCATOR
        memory = -(-plain.pop("memory_mib", 1024) // 4) * 4  # Ganeti rounds up to 4 MiB
        return Blueprint(
            **{**plain, "wait_for_sync": plain.get("wait_for_sync", True) or self.template != "drbd"},
            memory_mib=memory,
            memory_min_mib=min(memory, -(-values.get("memory_min_mib", memory) // 4) * 4),
            disks=tuple(disks),
            nics=tuple(nics),
            allocator="" if values.get("primary_node") else allocator,
            hvparams=self.settings.chosen(),
            beparams={
                name: values[name] == "true" for name in ("auto_balance", "always_failover") if name in values
            },
            osparams=self._public(),
            hidden_osparams={
                name: shown for shown in (PRIVATE, SECRET) for name in self.hidden().get(shown, {})
            },
        )

    def _public(self) -> dict[str, str]:
        told = self.told.typed(PUBLIC)
        project = self.project if self.project.pk else None
        for name, parameter in self.told.parameters.items():
            if parameter.role == KEYS and name in told:
                before = self.start.plan.osparams.get(name, "")
                told[name] = keys.text(told[name], user=self.user, project=project, kept=before)
        free: dict[str, str] = {row["name"]: row.get("value", "") for row in self._free(PUBLIC)}
        return {name: value for name, value in {**told, **free}.items() if value and name}

    def _free(self, shown: str) -> list[dict[str, Any]]:
        """The rows of what is not described that are seen so."""
        return [row for row in self.free.values() if row.get("visibility") == shown and row.get("name")]

    def hidden(self) -> dict[str, dict[str, str]]:
        """What nobody may read, typed now or kept from before."""
        found: dict[str, dict[str, str]] = {PRIVATE: {}, SECRET: {}}
        for shown, values in found.items():
            described = [n for n, parameter in self.told.parameters.items() if parameter.visibility == shown]
            rows = self._free(shown)
            typed = {**self.told.typed(shown), **{row["name"]: row.get("value") for row in rows}}
            for name in [*described, *(row["name"] for row in rows)]:
                value = typed.get(name) or self.kept[shown].get(name, "")
                if value:
                    values[name] = value
        return found

    def rest(self) -> list[tuple[str, str]]:
        """What was typed that has no field in the page while there is no cluster to have it."""
        if self.ground or self.data is None:
            return []
        shown = {*self.form.fields, "csrfmiddlewaretoken", "sealed", "job", "batch", "template", "create"}
        shown -= set(FROM_FIELDS) | {"name"}
        return [(name, str(value)) for name, value in self.data.items() if name not in shown]

    def carried(self) -> str:
        """What was typed and must not come back in the page, sealed for this person, for the next time."""
        found: Any = self._typed_hidden() if self.data is not None and self.ground else self.kept
        return hidden.carried(found, self.user)

    def _typed_hidden(self) -> dict[str, dict[str, str]]:
        if self.mode != "draft":
            return self.hidden()
        checked = Asked(self.user, data=self.data, mode="live", start=self.start)
        checked.are_valid()
        return checked.hidden() if checked.ground else self.kept


FROM_FIELDS = (
    "os",
    "hypervisor",
    "vcpus",
    "memory_mib",
    "disk_template",
    "file_driver",
    "file_storage_dir",
    "group",
    "primary_node",
    "secondary_node",
    "start",
    "install",
    "name_check",
    "ip_check",
    "wait_for_sync",
    "ignore_policy",
    "tags",
    "notes",
)


def projects_of(user: User) -> list[Project]:
    """The projects for which the person may ask for machines; his own also where it is yet to be made."""
    found = list(policy.permitted(user, "view", Project.objects.order_by("name", "pk")))
    if not any(project.personal_of_id == user.pk for project in found):
        found.append(Project(name=f"{user} (yours)", personal_of=user))
    return found
