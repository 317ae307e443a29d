"""What every form of a node's command has."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from django import forms
from django.core.validators import RegexValidator

from ganeti_webmgr.jobs.forms import CommandForm
from ganeti_webmgr.nodes.commands.command import NodeCommand
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.nodes.plan import Plan

one_word = RegexValidator(r"^[\w.+-]+\Z", "An allocator is named by one word, as its file is.")


class NodeForm(CommandForm):
    """The parameters of one command, for one node."""

    command_class: ClassVar[type[NodeCommand]]
    on: Node

    @cached_property
    def plan(self) -> Plan | None:
        """The machines that it would touch, and how; None where it touches none."""
        return None


class AllocatorField(forms.CharField):
    """An allocator by its name; empty for the cluster's own, where it has one."""

    def __init__(self, node: Node) -> None:
        own = node.cluster.allocator
        super().__init__(
            label="Allocator",
            max_length=100,
            required=not own,
            validators=[one_word],
            help_text=f"Empty: {own}, the cluster's own." if own else "The cluster has none of its own.",
        )
