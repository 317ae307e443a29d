"""The words Ganeti has for the state of an instance."""

from __future__ import annotations

from .config import Config
from .instance import Instance


def status_of(config: Config, instance: Instance) -> str:
    """One of Ganeti's nine words, computed as its query daemon does."""
    pnode = config.nodes[instance.pnode]
    if pnode.offline:
        return "ERROR_nodeoffline"
    if not pnode.reachable:
        return "ERROR_nodedown"
    if seen_running(config, instance):
        return _running_word(instance)
    return _stopped_word(config, instance)


def seen_running(config: Config, instance: Instance) -> bool:
    """Whether some node that can be asked says that the machine runs on it."""
    if instance.running is None:
        return False
    node = config.nodes.find(instance.running.node)
    return node is not None and node.reachable and not node.offline


def node_answers(config: Config, instance: Instance) -> bool:
    node = config.nodes[instance.pnode]
    return node.reachable and not node.offline


def _running_word(instance: Instance) -> str:
    if instance.running is not None and instance.running.node != instance.pnode:
        return "ERROR_wrongnode"
    return "running" if instance.admin_state == "up" else "ERROR_up"


def _stopped_word(config: Config, instance: Instance) -> str:
    if instance.admin_state == "offline":
        return "ADMIN_offline"
    if instance.admin_state == "down":
        return "USER_down" if instance.admin_state_source == "user" else "ADMIN_down"
    if instance.ended_inside and _user_may_shut_down(config, instance):
        return "USER_down"
    return "ERROR_down"


def _user_may_shut_down(config: Config, instance: Instance) -> bool:
    if not config.params["enabled_user_shutdown"]:
        return False
    return instance.hypervisor != "kvm" or bool(config.hvparams(instance).get("user_shutdown"))
