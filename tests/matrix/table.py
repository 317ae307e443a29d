"""What is expected of every address and every command, for everybody there can be.

`allowed` gets the page or the change; `refused` sees the object and is told why not (403); for everybody else
it is not there (404). Who is not signed in is led to the sign-in page, unless the page is for all.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tests.matrix.people import EVERYBODY

SIGNED_IN = frozenset(EVERYBODY) - {"anonymous"}
SUPERUSER = frozenset({"superuser"})
CLUSTER_SEERS = frozenset({"cluster-viewer", "cluster-operator", "cluster-admin", "superuser"})
CLUSTER_ADMINS = frozenset({"cluster-admin", "superuser"})
OPERATORS = CLUSTER_ADMINS | {"cluster-operator"}
MACHINE_ADMINS = CLUSTER_ADMINS | {"admin", "lead"}
POWER = MACHINE_ADMINS | {"operator", "maintainer", "member"}
CONSOLE = POWER | {"console"}
WATCH = CONSOLE | {"watcher"}
MACHINE_SEERS = WATCH | CLUSTER_SEERS | {"viewer"}
CHANGERS = MACHINE_ADMINS | {"maintainer"}
MOVERS = MACHINE_ADMINS | {"cluster-operator"}
TAKERS = CHANGERS | {"cluster-operator"}  # of exports, and of tags
LEADS = frozenset({"lead", "superuser"})
PROJECT_SEERS = LEADS | {"member"}
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Row:
    """One address with one method, and what is typed there."""

    name: str
    method: str
    allowed: frozenset[str]
    refused: frozenset[str] = NOBODY
    args: tuple[str, ...] = ()
    data: dict[str, str] = field(default_factory=dict)
    unfit: frozenset[str] = NOBODY  # may, and is told that what he typed does not fit
    not_now: frozenset[str] = NOBODY  # may, and is told why it cannot be now


def row(
    name: str, method: str, allowed: frozenset[str], sees: frozenset[str] = NOBODY, /, *args: str, **data: str
) -> Row:
    return Row(name, method, allowed, sees - allowed, args, data)


VM = ("cluster", "machine")
NODE = ("cluster", "node")
GROUP = ("cluster", "nodegroup")
CAPABLE = {"master_capable": "on", "vm_capable": "on"}
NETWORK = ("cluster", "network")
CONNECTION = {
    "address": "other.example.org",
    "port": "5080",
    "username": "gwm",
    "password": "secret",
    "tls": "system",
}
RULE = {"said": "Maintenance", "action": "PAUSE", "priority": "0"}
ON_OWN_OBJECT = [
    #   address               method  who may          who sees it      its parts
    row("dashboard:overview", "GET", SIGNED_IN),
    row("dashboard:ending", "GET", SIGNED_IN),
    row("dashboard:search", "GET", SIGNED_IN, q="the machine"),
    row("dashboard:palette", "GET", SIGNED_IN, q="the machine"),
    row("vms:index", "GET", SIGNED_IN),
    row("vms:new", "GET", SIGNED_IN),
    replace(row("vms:new", "POST", NOBODY), unfit=SIGNED_IN),
    row("vms:look", "POST", SIGNED_IN),
    row("vms:answer", "GET", CLUSTER_SEERS | PROJECT_SEERS, NOBODY, "check"),
    row("vms:batch", "GET", CLUSTER_SEERS | PROJECT_SEERS, NOBODY, "batch"),
    row("vms:detail", "GET", MACHINE_SEERS, MACHINE_SEERS, *VM),
    row("vms:access", "GET", MACHINE_ADMINS, MACHINE_SEERS, *VM),
    row("vms:access", "POST", MACHINE_ADMINS, MACHINE_SEERS, *VM, revoke="user:stranger"),
    row("vms:owner", "GET", MACHINE_ADMINS, MACHINE_SEERS, *VM),
    # Its admin may hand it over, but leads no project that could take it.
    replace(
        row("vms:owner", "POST", CLUSTER_ADMINS | {"lead"}, MACHINE_SEERS, *VM, project="web"),
        refused=MACHINE_SEERS - MACHINE_ADMINS,
        unfit=frozenset({"admin"}),
    ),
    row("vms:act", "GET", POWER, MACHINE_SEERS, *VM, "start"),
    row("vms:act", "POST", POWER, MACHINE_SEERS, *VM, "start"),
    row("vms:act", "POST", POWER, MACHINE_SEERS, *VM, "shut-down"),
    row("vms:act", "POST", POWER, MACHINE_SEERS, *VM, "force-stop"),
    row("vms:act", "POST", POWER, MACHINE_SEERS, *VM, "restart", kind="hard"),
    row("consoles:index", "GET", SIGNED_IN),
    replace(row("consoles:index", "POST", NOBODY), unfit=SIGNED_IN),  # nothing is chosen
    row("consoles:cluster", "GET", CLUSTER_ADMINS, CLUSTER_SEERS, "cluster"),
    row("consoles:cluster", "POST", CLUSTER_ADMINS, CLUSTER_SEERS, "cluster", password="hush"),
    row("consoles:screen", "GET", WATCH, MACHINE_SEERS, *VM),
    row("consoles:screen", "POST", WATCH, MACHINE_SEERS, *VM, kind="screen", mode="watch"),
    row("consoles:screen", "POST", CONSOLE, MACHINE_SEERS, *VM, kind="screen", mode="control"),
    row("consoles:bar", "GET", WATCH, MACHINE_SEERS, *VM),
    replace(
        row("consoles:viewer", "POST", NOBODY, MACHINE_SEERS, *VM, "vnc", "vv"),
        refused=MACHINE_SEERS - CONSOLE,
        not_now=CONSOLE,  # its ports are not open to people's own computers
    ),
    row("vms:act", "GET", CHANGERS, MACHINE_SEERS, *VM, "rename"),
    row("vms:act", "POST", CHANGERS, MACHINE_SEERS, *VM, "rename", new_name="other.example.org"),
    row("vms:act", "GET", MOVERS, MACHINE_SEERS, *VM, "migrate"),
    row("vms:act", "GET", MOVERS, MACHINE_SEERS, *VM, "replace-disks"),
    row("vms:act", "GET", TAKERS, MACHINE_SEERS, *VM, "export"),
    row("vms:act", "POST", TAKERS, MACHINE_SEERS, *VM, "tags", tags="blue"),
    row("vms:act", "GET", CHANGERS, MACHINE_SEERS, *VM, "reinstall"),
    row("vms:act", "GET", MACHINE_ADMINS, MACHINE_SEERS, *VM, "remove"),
    row("vms:settings", "GET", MACHINE_SEERS, MACHINE_SEERS, *VM),
    row("vms:edit", "GET", CHANGERS, MACHINE_SEERS, *VM),
    # An empty form is no change of anything.
    replace(
        row("vms:edit", "POST", NOBODY, MACHINE_SEERS, *VM),
        refused=MACHINE_SEERS - CHANGERS,
        unfit=CHANGERS,
    ),
    row("vms:review", "POST", CHANGERS, MACHINE_SEERS, *VM, changes="sealed"),
    row("vms:disks", "GET", MACHINE_SEERS, MACHINE_SEERS, *VM),
    row("vms:network", "GET", MACHINE_SEERS, MACHINE_SEERS, *VM),
    row("vms:notes", "GET", CHANGERS, MACHINE_SEERS, *VM),
    row("vms:notes", "POST", CHANGERS, MACHINE_SEERS, *VM, notes="Mind the queue"),
    row("vms:lock", "GET", MACHINE_ADMINS, MACHINE_SEERS, *VM),
    row("vms:lock", "POST", MACHINE_ADMINS, MACHINE_SEERS, *VM, reason="Incident"),
    row("vms:unlock", "POST", MACHINE_ADMINS, MACHINE_SEERS, *VM),
    row("bulk:choose", "POST", MACHINE_SEERS, verb="start", which="ticked", vm="machine"),
    row("bulk:detail", "GET", SUPERUSER, NOBODY, "bulk"),
    row("bulk:detail", "POST", SUPERUSER, NOBODY, "bulk", per_cluster="5", seen="looked at"),
    row("reconcile:index", "GET", CLUSTER_ADMINS),
    row("reconcile:kind", "GET", CLUSTER_ADMINS, NOBODY, "gone"),
    row("reconcile:renamed", "GET", CLUSTER_ADMINS),
    row("reconcile:export", "POST", CLUSTER_ADMINS, NOBODY, "gone"),
    row("reconcile:export-renamed", "POST", CLUSTER_ADMINS),
    row("reconcile:choose", "POST", CLUSTER_ADMINS, NOBODY, "nobodys", verb="adopt", which="all"),
    row("reconcile:settlement", "GET", SUPERUSER, NOBODY, "settlement"),
    row("reconcile:settlement", "POST", SUPERUSER, NOBODY, "settlement", project="web", look="1"),
    row("jobs:index", "GET", SIGNED_IN),
    row("jobs:detail", "GET", MACHINE_SEERS, MACHINE_SEERS, "job"),
    row("jobs:cancel", "POST", MACHINE_ADMINS | {"cluster-operator"}, MACHINE_SEERS, "job"),
    row("clusters:index", "GET", SIGNED_IN),
    row("clusters:detail", "GET", CLUSTER_SEERS, CLUSTER_SEERS, "cluster"),
    row("dashboard:map", "GET", CLUSTER_SEERS, CLUSTER_SEERS, "cluster"),
    row("clusters:add", "GET", SUPERUSER, SIGNED_IN),
    row("clusters:add", "POST", SUPERUSER, SIGNED_IN, **CONNECTION, slug="new"),
    row("clusters:check", "GET", SUPERUSER, SIGNED_IN, "checkup"),
    replace(
        row("clusters:check", "POST", NOBODY, SIGNED_IN, "checkup", take="1"),
        refused=SIGNED_IN - SUPERUSER,
        not_now=SUPERUSER,  # no worker has tried it
    ),
    row("clusters:connection", "GET", CLUSTER_ADMINS, CLUSTER_SEERS, "cluster"),
    row("clusters:connection", "POST", CLUSTER_ADMINS, CLUSTER_SEERS, "cluster", **CONNECTION),
    row("administration:home", "GET", CLUSTER_SEERS, CLUSTER_SEERS, "cluster"),
    row("administration:modify", "GET", CLUSTER_ADMINS, CLUSTER_SEERS, "cluster"),
    row("administration:modify", "POST", CLUSTER_ADMINS, CLUSTER_SEERS, "cluster", back="1"),
    row("administration:review", "POST", CLUSTER_ADMINS, CLUSTER_SEERS, "cluster", changes="of the cluster"),
    row("administration:redistribute", "GET", OPERATORS, CLUSTER_SEERS, "cluster"),
    row("administration:redistribute", "POST", OPERATORS, CLUSTER_SEERS, "cluster"),
    row("administration:tags", "GET", OPERATORS, CLUSTER_SEERS, "cluster"),
    row("administration:tags", "POST", OPERATORS, CLUSTER_SEERS, "cluster", tags="blue"),
    row("administration:add-rule", "GET", OPERATORS, CLUSTER_SEERS, "cluster"),
    row("administration:add-rule", "POST", OPERATORS, CLUSTER_SEERS, "cluster", **RULE),
    row("administration:rule", "GET", OPERATORS, CLUSTER_SEERS, "cluster", "rule"),
    row("administration:rule", "POST", OPERATORS, CLUSTER_SEERS, "cluster", "rule", **RULE),
    row("administration:remove-rule", "GET", OPERATORS, CLUSTER_SEERS, "cluster", "rule"),
    row("administration:remove-rule", "POST", OPERATORS, CLUSTER_SEERS, "cluster", "rule"),
    row("clusters:settings", "GET", CLUSTER_ADMINS, CLUSTER_SEERS, "cluster"),
    row("clusters:settings", "POST", CLUSTER_ADMINS, CLUSTER_SEERS, "cluster", name="Other", slug="other"),
    row("clusters:pause", "POST", CLUSTER_ADMINS, CLUSTER_SEERS, "cluster"),
    row("clusters:resume", "POST", CLUSTER_ADMINS, CLUSTER_SEERS, "cluster"),
    row("clusters:remove", "GET", SUPERUSER, CLUSTER_SEERS, "cluster"),
    row("clusters:remove", "POST", SUPERUSER, CLUSTER_SEERS, "cluster", typed="sim1"),
    # What another one has typed is not there.
    replace(
        row("clusters:connection-check", "GET", SUPERUSER, CLUSTER_SEERS, "cluster", "recheck"),
        refused=CLUSTER_SEERS - CLUSTER_ADMINS,
    ),
    row("clusters:access", "GET", CLUSTER_ADMINS, CLUSTER_SEERS, "cluster"),
    row("clusters:access", "POST", CLUSTER_ADMINS, CLUSTER_SEERS, "cluster", revoke="user:stranger"),
    row("clusters:quotas", "GET", CLUSTER_ADMINS, CLUSTER_SEERS, "cluster"),
    row("clusters:quotas", "POST", CLUSTER_ADMINS, CLUSTER_SEERS, "cluster", form="default", machines="99"),
    row("clusters:quota", "GET", CLUSTER_ADMINS, CLUSTER_SEERS, "cluster", "project"),
    row("clusters:quota", "POST", CLUSTER_ADMINS, CLUSTER_SEERS, "cluster", "project", clear="1"),
    row("templates:index", "GET", SIGNED_IN),
    row("templates:new", "GET", NOBODY),
    row("templates:new", "POST", NOBODY),
    row("templates:detail", "GET", PROJECT_SEERS, PROJECT_SEERS, "template"),
    row("templates:edit", "GET", LEADS, PROJECT_SEERS, "template"),
    row("templates:edit", "POST", LEADS, PROJECT_SEERS, "template", name="Other", owner="web"),
    row("templates:delete", "POST", LEADS, PROJECT_SEERS, "template"),
    row("images:index", "GET", SIGNED_IN),
    row("images:read", "POST", SIGNED_IN),
    row("images:edit", "GET", CLUSTER_ADMINS, CLUSTER_SEERS, "cluster", "system"),
    row("images:edit", "POST", CLUSTER_ADMINS, CLUSTER_SEERS, "cluster", "system", position="7"),
    row("nodes:index", "GET", SIGNED_IN),
    row("nodes:detail", "GET", CLUSTER_SEERS, CLUSTER_SEERS, "cluster", "node"),
    row("nodes:act", "GET", OPERATORS, CLUSTER_SEERS, *NODE, "drain"),
    row("nodes:act", "GET", OPERATORS, CLUSTER_SEERS, *NODE, "migrate"),
    row("nodes:act", "GET", OPERATORS, CLUSTER_SEERS, *NODE, "power-cycle"),
    row("nodes:act", "POST", OPERATORS, CLUSTER_SEERS, *NODE, "change", spindle_count="4", **CAPABLE),
    row("nodes:act", "POST", OPERATORS, CLUSTER_SEERS, *NODE, "read-storage", storage_type="lvm-vg"),
    row("nodes:act", "POST", OPERATORS, CLUSTER_SEERS, *NODE, "tags", tags="blue"),
    row("nodegroups:new", "GET", OPERATORS, CLUSTER_SEERS, "cluster"),
    row(
        "nodegroups:new",
        "POST",
        OPERATORS,
        CLUSTER_SEERS,
        "cluster",
        group_name="made",
        alloc_policy="preferred",
    ),
    row("nodegroups:detail", "GET", CLUSTER_SEERS, CLUSTER_SEERS, *GROUP),
    row("nodegroups:act", "GET", OPERATORS, CLUSTER_SEERS, *GROUP, "change"),
    row("nodegroups:act", "GET", OPERATORS, CLUSTER_SEERS, *GROUP, "remove"),
    row("nodegroups:act", "POST", OPERATORS, CLUSTER_SEERS, *GROUP, "rename", new_name="other"),
    row("nodegroups:act", "POST", OPERATORS, CLUSTER_SEERS, *GROUP, "tags", tags="blue"),
    row("networks:index", "GET", SIGNED_IN),
    row("networks:detail", "GET", CLUSTER_SEERS, CLUSTER_SEERS, *NETWORK),
    row("networks:create", "GET", CLUSTER_ADMINS, CLUSTER_SEERS, "cluster"),
    row(
        "networks:create",
        "POST",
        CLUSTER_ADMINS,
        CLUSTER_SEERS,
        "cluster",
        new_name="new",
        cidr="10.9.0.0/24",
    ),
    row("networks:act", "GET", CLUSTER_ADMINS, CLUSTER_SEERS, *NETWORK, "change"),
    row("networks:act", "POST", CLUSTER_ADMINS, CLUSTER_SEERS, *NETWORK, "change", gateway="192.0.2.9"),
    row("networks:act", "POST", CLUSTER_ADMINS, CLUSTER_SEERS, *NETWORK, "reserve", addresses="192.0.2.250"),
    row("networks:act", "GET", CLUSTER_ADMINS, CLUSTER_SEERS, *NETWORK, "connect"),
    row("networks:act", "GET", CLUSTER_ADMINS, CLUSTER_SEERS, *NETWORK, "disconnect"),
    row("networks:act", "GET", CLUSTER_ADMINS, CLUSTER_SEERS, *NETWORK, "remove"),
    row("networks:act", "GET", OPERATORS, CLUSTER_SEERS, *NETWORK, "tags"),
    row("networks:act", "POST", OPERATORS, CLUSTER_SEERS, *NETWORK, "tags", tags="blue"),
    row("projects:index", "GET", SIGNED_IN),
    row("projects:new", "GET", SUPERUSER, SIGNED_IN),
    row("projects:new", "POST", SUPERUSER, SIGNED_IN, name="Made"),
    row("projects:detail", "GET", PROJECT_SEERS, PROJECT_SEERS, "project"),
    row("projects:edit", "GET", LEADS, PROJECT_SEERS, "project"),
    row("projects:edit", "POST", LEADS, PROJECT_SEERS, "project", name="Web", member_role="operator"),
    row("projects:access", "GET", LEADS, PROJECT_SEERS, "project"),
    row("projects:access", "POST", LEADS, PROJECT_SEERS, "project", revoke="user:stranger"),
    row("projects:add-member", "POST", LEADS, PROJECT_SEERS, "project", person="stranger", role="member"),
    row("projects:change-member", "POST", LEADS, PROJECT_SEERS, "project", "part", role="member"),
    row("projects:remove-member", "POST", LEADS, PROJECT_SEERS, "project", "part"),
    row("access:explain", "GET", SIGNED_IN),
    row("access:explain", "GET", SIGNED_IN, on="the machine"),
    # Where it is not there, that is said on the page itself.
    row(
        "access:explain",
        "GET",
        SIGNED_IN - MACHINE_SEERS | MACHINE_ADMINS,
        MACHINE_SEERS,
        on="the machine",
        who="helper",
    ),
    *(
        row("lists:export", "POST", SIGNED_IN, SIGNED_IN, key)
        for key in ("machines", "nodes", "clusters", "jobs", "projects", "networks", "templates", "images")
    ),
    *(row("lists:columns", "POST", SIGNED_IN, SIGNED_IN, key) for key in ("machines", "nodes", "jobs")),
    row("lists:columns", "POST", NOBODY, NOBODY, "people"),
    row("lists:filters", "GET", SIGNED_IN),
    row("lists:save", "GET", SIGNED_IN, SIGNED_IN, "machines", status="running"),
    replace(row("lists:save", "POST", NOBODY, NOBODY, "machines", name="All"), unfit=SIGNED_IN),
    row("lists:save", "GET", NOBODY, NOBODY, "people"),
    row("lists:filter", "GET", LEADS, PROJECT_SEERS, "filter"),
    row("lists:filter", "POST", LEADS, PROJECT_SEERS, "filter", name="Other", owner="web"),
    row("lists:delete-filter", "POST", LEADS, PROJECT_SEERS, "filter"),
    *(row("lists:export", "POST", SUPERUSER, NOBODY, key) for key in ("people", "groups")),
    row("record:index", "GET", SIGNED_IN),
    row("record:export", "POST", SIGNED_IN, SIGNED_IN, "csv"),
    row("record:export", "POST", SIGNED_IN, SIGNED_IN, "jsonl"),
    row("people:index", "GET", SUPERUSER),
    row("people:new", "GET", SUPERUSER),
    row("people:new", "POST", SUPERUSER, username="made"),
    row("people:detail", "GET", SUPERUSER, SUPERUSER, "person"),
    row("people:edit", "GET", SUPERUSER, SUPERUSER, "person"),
    row("people:edit", "POST", SUPERUSER, SUPERUSER, "person", first_name="H"),
    row("people:password", "GET", SUPERUSER, SUPERUSER, "person"),
    row("people:password", "POST", SUPERUSER, SUPERUSER, "person"),
    row("people:deactivate", "GET", SUPERUSER, SUPERUSER, "person"),
    row("people:deactivate", "POST", SUPERUSER, SUPERUSER, "person"),
    row("people:activate", "GET", SUPERUSER, SUPERUSER, "person"),
    row("people:activate", "POST", SUPERUSER, SUPERUSER, "person"),
    row("groups:index", "GET", SUPERUSER),
    row("groups:new", "GET", SUPERUSER),
    row("groups:new", "POST", SUPERUSER, name="made"),
    row("groups:detail", "GET", SUPERUSER, SUPERUSER, "group"),
    row("groups:detail", "POST", SUPERUSER, SUPERUSER, "group", person="stranger"),
    row("groups:rename", "GET", SUPERUSER, SUPERUSER, "group"),
    row("groups:rename", "POST", SUPERUSER, SUPERUSER, "group", name="other"),
    row("groups:remove", "GET", SUPERUSER, SUPERUSER, "group"),
    row("groups:remove", "POST", SUPERUSER, SUPERUSER, "group"),
    row("groups:remove-member", "GET", SUPERUSER, SUPERUSER, "group", "person"),
    row("groups:remove-member", "POST", SUPERUSER, SUPERUSER, "group", "person"),
]

# Addresses that are for everybody who is there, signed in or not, and what they answer.
FOR_ALL = {
    "healthz",
    "theme",
    "account_login",
    "account_logout",
    "password_reset",
    "password_reset_sent",
    "password_reset_confirm",
}
# Pages of the own account, which know no object.
OF_ONESELF = {
    "password_change",
    "profile",
    "keys",
    "remove_key",
    "sessions",
    "end_session",
    "end_other_sessions",
}
# What each command needs on the machine, and who has that.
ON_MACHINE = {
    "start": POWER,
    "shut-down": POWER,
    "force-stop": POWER,
    "restart": POWER,
    "modify": CHANGERS,
    "reinstall": CHANGERS,
    "rename": CHANGERS,
    "remove": MACHINE_ADMINS,
    "grow-disk": CHANGERS,
    "convert-disks": CHANGERS,
    "activate-disks": CHANGERS,
    "deactivate-disks": CHANGERS,
    "recreate-disks": CHANGERS,
    "replace-disks": MOVERS,
    "migrate": MOVERS,
    "fail-over": MOVERS,
    "export": TAKERS,
    "prepare-export": TAKERS,
    "set-offline": CHANGERS,
    "set-online": CHANGERS,
    "add-tags": TAKERS,
    "remove-tags": TAKERS,
    "say-owner": MACHINE_ADMINS,
    "forget-owner": MACHINE_ADMINS,
}
ON_NODE = dict.fromkeys(
    (
        "drain-node",
        "take-node-offline",
        "bring-node-back",
        "change-node-role",
        "migrate-node",
        "evacuate-primaries",
        "evacuate-secondaries",
        "power-cycle",
        "modify-node",
        "read-storage",
        "modify-storage",
        "repair-storage",
        "tag-node",
        "untag-node",
    ),
    OPERATORS,
)
ON_GROUP = dict.fromkeys(
    (
        "rename-group",
        "modify-group",
        "modify-group-policy",
        "assign-nodes",
        "remove-group",
        "tag-group",
        "untag-group",
    ),
    OPERATORS,
)
ON_NETWORK = {
    "change-network": CLUSTER_ADMINS,
    "rename-network": CLUSTER_ADMINS,
    "remove-network": CLUSTER_ADMINS,
    "connect-network": CLUSTER_ADMINS,
    "disconnect-network": CLUSTER_ADMINS,
    "reserve-addresses": CLUSTER_ADMINS,
    "release-addresses": CLUSTER_ADMINS,
    "add-network-tags": OPERATORS,
    "remove-network-tags": OPERATORS,
}
ON_CLUSTER = {
    "create-group": OPERATORS,
    "create-network": CLUSTER_ADMINS,
    "modify-cluster": CLUSTER_ADMINS,
    "redistribute-config": OPERATORS,
    "tag-cluster": OPERATORS,
    "untag-cluster": OPERATORS,
    "add-rule": OPERATORS,
    "change-rule": OPERATORS,
    "remove-rule": OPERATORS,
}
# What makes machines, and who may do that: for a project of his own, and for the project Web.
# By what they are done to, which is a part of `World.address`.
COMMANDS: dict[str, dict[str, frozenset[str]]] = {
    "machine": ON_MACHINE,
    "node": ON_NODE,
    "group": ON_GROUP,
    "cluster": ON_CLUSTER,
    "network": ON_NETWORK,
}
CREATING = {"create", "check-creation", "place"}
MAKE_OWN = CLUSTER_ADMINS | {"cluster-deployer", "cluster-operator"}
MAKE_FOR_WEB = CLUSTER_ADMINS
PARAMS: dict[str, dict[str, object]] = {
    "tag-cluster": {"tags": ("blue",)},
    "untag-cluster": {"tags": ("blue",)},
    "modify-cluster": {"changes": {"candidate_pool_size": 7}},
    "add-rule": {"uuid": "11111111-1111-4111-8111-111111111111", "action": "PAUSE"},
    "change-rule": {"uuid": "11111111-1111-4111-8111-111111111111", "action": "PAUSE"},
    "remove-rule": {"uuid": "11111111-1111-4111-8111-111111111111"},
    "modify": {"beparams": {"vcpus": 3}},
    "rename": {"new_name": "other.example.org"},
    "grow-disk": {"disk": 0, "size_mib": 2**20},
    "convert-disks": {"template": "file"},
    "replace-disks": {"mode": "replace_auto"},
    "export": {"destination": "node2.sim1.example.org"},
    "rename-network": {"new_name": "other"},
    "add-network-tags": {"tags": ("blue",)},
    "remove-network-tags": {"tags": ("blue",)},
    "add-tags": {"tags": ("blue",)},
    "remove-tags": {"tags": ("blue",)},
    "say-owner": {"tag": "gwm:owner:web"},
    "forget-owner": {"tags": ("gwm:owner:old",)},
    "bring-node-back": {"role": "regular"},
    "change-node-role": {"role": "regular"},
    "modify-node": {"ndparams": {"spindle_count": 4}},
    "read-storage": {"storage_type": "lvm-vg"},
    "modify-storage": {"unit": "/dev/sda3", "allocatable": False},
    "repair-storage": {"unit": "xenvg"},
    "tag-node": {"tags": ("blue",)},
    "untag-node": {"tags": ("blue",)},
    "create-group": {"group_name": "made"},
    "rename-group": {"new_name": "other"},
    "modify-group": {"alloc_policy": "unallocable"},
    "modify-group-policy": {"ipolicy": {"vcpu-ratio": 2.0}},
    "assign-nodes": {"nodes": ("node2.sim1.example.org",)},
    "tag-group": {"tags": ("blue",)},
    "untag-group": {"tags": ("blue",)},
}
