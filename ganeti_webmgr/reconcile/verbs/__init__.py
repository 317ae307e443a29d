"""Everything that can be done about a difference between Ganeti and us."""

from ganeti_webmgr.reconcile.verbs.forget import ForgetMachines, ForgetNodes
from ganeti_webmgr.reconcile.verbs.owners import Adopt, Take, Write
from ganeti_webmgr.reconcile.verbs.verb import Verb

VERBS: dict[str, Verb] = {
    verb.name: verb for verb in (Adopt(), ForgetMachines(), ForgetNodes(), Take(), Write())
}

__all__ = ["VERBS", "Verb"]
