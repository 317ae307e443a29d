from __future__ import annotations

from django.apps import AppConfig


class VmsConfig(AppConfig):
    name = "ganeti_webmgr.vms"

    def ready(self) -> None:
        from ganeti_webmgr.clusters.schedule import Loop, register
        from ganeti_webmgr.jobs import endings, follow
        from ganeti_webmgr.permissions.topics import register_model
        from ganeti_webmgr.vms import commands  # noqa: F401 - its commands register themselves
        from ganeti_webmgr.vms.creation import commands as creation  # noqa: F401 - and so do these
        from ganeti_webmgr.vms.models import VirtualMachine
        from ganeti_webmgr.vms.removal import forget_removed
        from ganeti_webmgr.vms.starts import observe
        from ganeti_webmgr.vms.sync import sync_configuration, sync_states

        register_model("vm", VirtualMachine)
        register(Loop(name="machines", run=sync_states, every_s=20, watched_s=10))
        register(Loop(name="settings", run=sync_configuration, every_s=1800, watched_s=1800))
        follow.before_the_end.append(sync_states)
        follow.at_the_end.append(observe)
        endings.afterwards.append(forget_removed)
