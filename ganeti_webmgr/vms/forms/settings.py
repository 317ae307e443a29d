"""Tags, and being set offline."""

from __future__ import annotations

from ganeti_webmgr.jobs.tagging import TaggingForm
from ganeti_webmgr.vms.commands import AddTags, SetOffline, SetOnline
from ganeti_webmgr.vms.forms.command import MachineForm


class SetOfflineForm(MachineForm):
    command_class = SetOffline
    note = "It cannot be started until it is set online again, and no memory is kept free for it."


class SetOnlineForm(MachineForm):
    command_class = SetOnline
    asks = False


class TagsForm(TaggingForm, MachineForm):
    command_class = AddTags
