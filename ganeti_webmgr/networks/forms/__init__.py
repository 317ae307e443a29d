"""What a person chooses before something is done to a network."""

from __future__ import annotations

from ganeti_webmgr.jobs.forms import CommandForm, by_verb
from ganeti_webmgr.networks.forms.addresses import ReleaseForm, ReserveForm
from ganeti_webmgr.networks.forms.creating import CreateForm
from ganeti_webmgr.networks.forms.groups import ConnectForm, DisconnectForm
from ganeti_webmgr.networks.forms.lifecycle import ChangeForm, RemoveForm, RenameForm, TagsForm

# Every command on a network that is there, by the word in its address.
FORMS: dict[str, type[CommandForm]] = by_verb(
    ReserveForm,
    ReleaseForm,
    ChangeForm,
    ConnectForm,
    DisconnectForm,
    RenameForm,
    TagsForm,
    RemoveForm,
)

__all__ = ["FORMS", "CreateForm"]
