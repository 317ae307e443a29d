from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "ganeti_webmgr.jobs"

    def ready(self) -> None:
        from ganeti_webmgr.clusters import schedule
        from ganeti_webmgr.jobs.follow import before_the_end, follow
        from ganeti_webmgr.jobs.models import Job
        from ganeti_webmgr.jobs.refreshing import read_cluster
        from ganeti_webmgr.jobs.rules import EVERY_S, WATCHED_S, sync_rules
        from ganeti_webmgr.permissions.topics import register_model

        register_model("job", Job)
        schedule.register(schedule.Loop(name="jobs", run=follow, every_s=15, watched_s=3))
        schedule.register(schedule.Loop(name="rules", run=sync_rules, every_s=EVERY_S, watched_s=WATCHED_S))
        before_the_end.append(read_cluster)
