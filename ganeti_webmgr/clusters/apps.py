from __future__ import annotations

from django.apps import AppConfig


class ClustersConfig(AppConfig):
    name = "ganeti_webmgr.clusters"

    def ready(self) -> None:
        from ganeti_webmgr.clusters import schedule
        from ganeti_webmgr.clusters.checkups import visible
        from ganeti_webmgr.clusters.estate import administers_some
        from ganeti_webmgr.clusters.models import Cluster, Network, NodeGroup
        from ganeti_webmgr.clusters.sync import sync_cluster
        from ganeti_webmgr.clusters.systems import EVERY_S, sync_systems
        from ganeti_webmgr.live import topics
        from ganeti_webmgr.permissions.topics import register_model
        from ganeti_webmgr.ui import context

        register_model("cluster", Cluster)
        register_model("nodegroup", NodeGroup)
        register_model("network", Network)
        topics.register("checkup", visible)
        context.who_administers.append(administers_some)
        schedule.register(schedule.Loop(name="cluster", run=sync_cluster, every_s=300, watched_s=120))
        schedule.register(
            schedule.Loop(name="systems", run=sync_systems, every_s=EVERY_S, watched_s=EVERY_S, is_a_job=True)
        )
