"""The tags of a node."""

from __future__ import annotations

from ganeti_webmgr.jobs.tagging import TaggingForm
from ganeti_webmgr.nodes.commands import TagNode
from ganeti_webmgr.nodes.forms.command import NodeForm


class NodeTagsForm(TaggingForm, NodeForm):
    command_class = TagNode
