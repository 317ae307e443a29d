"""What a person chooses before something is done to a machine."""

from __future__ import annotations

from ganeti_webmgr.jobs.forms import by_verb
from ganeti_webmgr.vms.forms.command import MachineForm
from ganeti_webmgr.vms.forms.lifecycle import ReinstallForm, RemoveForm, RenameForm
from ganeti_webmgr.vms.forms.movement import ExportForm, FailOverForm, MigrateForm, PrepareExportForm
from ganeti_webmgr.vms.forms.power import ForceStopForm, RestartForm, ShutDownForm, StartForm
from ganeti_webmgr.vms.forms.settings import SetOfflineForm, SetOnlineForm, TagsForm
from ganeti_webmgr.vms.forms.storage import (
    ActivateDisksForm,
    ConvertDisksForm,
    DeactivateDisksForm,
    GrowDiskForm,
    RecreateDisksForm,
    ReplaceDisksForm,
)

# Every command that has a page, by the word in its address.
FORMS: dict[str, type[MachineForm]] = by_verb(
    StartForm,
    ShutDownForm,
    RestartForm,
    ForceStopForm,
    MigrateForm,
    FailOverForm,
    ReplaceDisksForm,
    GrowDiskForm,
    ConvertDisksForm,
    ActivateDisksForm,
    DeactivateDisksForm,
    RecreateDisksForm,
    ReinstallForm,
    RenameForm,
    TagsForm,
    SetOfflineForm,
    SetOnlineForm,
    ExportForm,
    PrepareExportForm,
    RemoveForm,
)

# What can be done to many machines at once: what needs no choice that only one machine could tell.
MANY_AT_ONCE = (
    StartForm.command_class.name,
    ShutDownForm.command_class.name,
    RestartForm.command_class.name,
    ForceStopForm.command_class.name,
    MigrateForm.command_class.name,
    FailOverForm.command_class.name,
    SetOfflineForm.command_class.name,
    SetOnlineForm.command_class.name,
    RemoveForm.command_class.name,
)
