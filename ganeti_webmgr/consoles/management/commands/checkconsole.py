"""Whether and how the screen of a machine can be reached, step by step."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ganeti_webmgr.consoles.endings import Ended
from ganeti_webmgr.consoles.proxy.opening import screen
from ganeti_webmgr.consoles.target import find
from ganeti_webmgr.vms.models import VirtualMachine


class Command(BaseCommand):
    help = "Goes the way of a console to the machine's screen, says how far it came, and lets go again."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("machine", help="its name, or CLUSTER/NAME where several have it")

    def handle(self, *args: Any, machine: str, **options: Any) -> None:
        vm = _machine(machine)
        self.stdout.write(f"Machine: {vm.name} of {vm.cluster}.")
        try:
            target = find(vm)
            self.stdout.write(f"Kind: VNC{' in TLS' if target.tls else ''}, at {target.host}, {target}.")
            screen(vm, target, say=self.stdout.write).close()
        except Ended as ended:
            cause = f" {ended.detail or ended.__cause__ or ''}".rstrip()
            raise CommandError(f"{ended.ending.title}.{cause}\n{ended.ending.advice}") from None
        self.stdout.write("A browser can be connected to it.")


def _machine(words: str) -> VirtualMachine:
    slug, _, name = words.rpartition("/")
    rows = VirtualMachine.objects.select_related("cluster").filter(name=name, missing_since=None)
    found = list(rows.filter(cluster__slug=slug) if slug else rows)
    if len(found) != 1:
        known = ", ".join(f"{vm.cluster.slug}/{vm.name}" for vm in found)
        raise CommandError(f"Several have that name: {known}." if found else f"There is no machine {words}.")
    return found[0]
