"""Owners of machines, from the tags that stand on them in Ganeti."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from ganeti_webmgr.audit.origin import shell
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.live import publish
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.vms.models import VirtualMachine
from ganeti_webmgr.vms.ownership import PREFIX, Undecided, claims, named_by


class Command(BaseCommand):
    help = f"Gives each machine to the project that its tag {PREFIX}SLUG names; says what it could not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")
        parser.add_argument("--cluster", help="of this cluster alone, by the word for it in addresses")

    def handle(self, *args: Any, **options: Any) -> None:
        projects = {project.slug: project for project in Project.objects.all()}
        machines = VirtualMachine.objects.filter(missing_since=None, tag_lines__contains=f"\n{PREFIX}")
        if options["cluster"]:
            machines = machines.filter(cluster__slug=options["cluster"])
        changed = 0
        for vm in machines.select_related("cluster", "owner").order_by("cluster__slug", "sort_name", "pk"):
            try:
                owner = named_by(claims(vm, projects))
            except Undecided as refusal:
                self.stderr.write(f"{vm}: {refusal}. Left alone.")
                continue
            if isinstance(owner, Project) and vm.owner != owner:
                self.stdout.write(f"{vm}: {vm.owner or 'nobody'} -> {owner}")
                changed += 1
                if not options["dry_run"]:
                    self._give(vm, owner)
        self.stdout.write(f"{changed} machines {'would change' if options['dry_run'] else 'changed'} owner.")

    @transaction.atomic
    def _give(self, vm: VirtualMachine, project: Project) -> None:
        before = vm.owner
        vm.owner = project
        vm.save(update_fields=["owner"])
        publish(f"vm:{vm.pk}", *(f"project:{part.pk}" for part in (before, project) if part))
        record(
            "owner.rebuilt",
            vm,
            by=shell(),
            before={"owner": str(before) if before else None},
            after={"owner": str(project)},
        )
