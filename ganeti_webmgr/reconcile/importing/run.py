"""Everything in its order, in one transaction."""

from __future__ import annotations

from django.db import transaction

from ganeti_webmgr.audit.record import record
from ganeti_webmgr.reconcile.importing.clusters import bring_clusters, bring_quotas
from ganeti_webmgr.reconcile.importing.groups import bring_groups
from ganeti_webmgr.reconcile.importing.known import Known
from ganeti_webmgr.reconcile.importing.machines import bring_machines
from ganeti_webmgr.reconcile.importing.people import bring_people
from ganeti_webmgr.reconcile.importing.report import DID, Report
from ganeti_webmgr.reconcile.importing.rights import bring_rights
from ganeti_webmgr.reconcile.importing.source import Source, Unreadable
from ganeti_webmgr.reconcile.importing.templates import bring_templates

STEPS = (
    bring_people,
    bring_groups,
    bring_clusters,
    bring_quotas,
    bring_machines,
    bring_rights,
    bring_templates,
)


@transaction.atomic
def bring_all(source: Source, *, by: str, is_dry: bool = False) -> Report:
    """What can be brought over, with the report; a dry run takes everything back at its end.

    What is here already is left as it is, so that it may be done again.
    """
    known, report = Known(by), Report()
    if source.absent:
        report.part("The file")
        report.could_not(f"It has no table {', '.join(source.absent)}")
    for step in STEPS:
        try:
            step(source, known, report)
        except KeyError as column:
            raise Unreadable(f"This is no database of 0.11: a table has no column {column}.") from None
    if report.counts[DID]:
        record("former.imported", by=by, after={"lines": report.counts[DID]})
    if is_dry:
        transaction.set_rollback(True)
    return report
