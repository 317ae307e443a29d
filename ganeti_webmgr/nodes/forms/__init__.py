"""What a person chooses before something is done to a node."""

from __future__ import annotations

from ganeti_webmgr.jobs.forms import by_verb
from ganeti_webmgr.nodes.forms.change import ChangeNodeForm
from ganeti_webmgr.nodes.forms.command import NodeForm
from ganeti_webmgr.nodes.forms.emptying import (
    EvacuatePrimariesForm,
    EvacuateSecondariesForm,
    MigrateAwayForm,
)
from ganeti_webmgr.nodes.forms.power import PowerCycleForm
from ganeti_webmgr.nodes.forms.roles import BringBackForm, ChangeRoleForm, DrainForm, TakeOfflineForm
from ganeti_webmgr.nodes.forms.storage import ModifyStorageForm, ReadStorageForm, RepairStorageForm
from ganeti_webmgr.nodes.forms.tags import NodeTagsForm

# Every command that has a page, by the word in its address.
FORMS: dict[str, type[NodeForm]] = by_verb(
    DrainForm,
    TakeOfflineForm,
    BringBackForm,
    ChangeRoleForm,
    MigrateAwayForm,
    EvacuatePrimariesForm,
    EvacuateSecondariesForm,
    PowerCycleForm,
    ChangeNodeForm,
    NodeTagsForm,
    ReadStorageForm,
    ModifyStorageForm,
    RepairStorageForm,
)
