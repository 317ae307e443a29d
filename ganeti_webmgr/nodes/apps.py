from __future__ import annotations

from django.apps import AppConfig


class NodesConfig(AppConfig):
    name = "ganeti_webmgr.nodes"

    def ready(self) -> None:
        from ganeti_webmgr.clusters import schedule
        from ganeti_webmgr.nodes import commands  # noqa: F401 - its commands register themselves
        from ganeti_webmgr.nodes.groups import commands as groups  # noqa: F401 - and so do these
        from ganeti_webmgr.nodes.models import Node
        from ganeti_webmgr.nodes.sync import sync_nodes
        from ganeti_webmgr.permissions.topics import register_model

        register_model("node", Node)
        schedule.register(schedule.Loop(name="nodes", run=sync_nodes, every_s=90, watched_s=30))
