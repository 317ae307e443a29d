"""The addresses of the site. An object's own pages come after `-/`, so that no name hides a page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


urlpatterns = [
    path("", include("ganeti_webmgr.dashboard.urls")),
    path("", include("ganeti_webmgr.ui.urls")),
    path("", include("ganeti_webmgr.accounts.urls")),
    path("", include("ganeti_webmgr.consoles.urls")),  # before the machines, whose verbs are any word
    path("vms/bulk/", include("ganeti_webmgr.bulk.urls")),
    path("vms/", include("ganeti_webmgr.vms.urls")),
    path("projects/", include("ganeti_webmgr.permissions.urls")),
    path("access/", include("ganeti_webmgr.permissions.access_urls")),
    path("jobs/", include("ganeti_webmgr.jobs.urls")),
    path("templates/", include("ganeti_webmgr.vms.saved.urls")),
    path("images/", include("ganeti_webmgr.vms.images.urls")),
    path("lists/", include("ganeti_webmgr.lists.urls")),
    path("record/", include("ganeti_webmgr.record.urls")),
    path("", include("ganeti_webmgr.networks.urls")),
    path("clusters/", include("ganeti_webmgr.clusters.urls")),
    path("clusters/", include("ganeti_webmgr.administration.urls")),
    path("", include("ganeti_webmgr.nodes.urls")),
    path("", include("ganeti_webmgr.nodes.groups.urls")),
    path("people/", include("ganeti_webmgr.people.urls")),
    path("groups/", include("ganeti_webmgr.people.group_urls")),
    path("reconcile/", include("ganeti_webmgr.reconcile.urls")),
    path("healthz", healthz, name="healthz"),
]
