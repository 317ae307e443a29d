"""What changed is told to the pages that show it: names of topics such as "vm:7", never data.

`publish` is for everyone who changes something; `topics.register` says who may hear of a kind.
"""

from ganeti_webmgr.live.outbox import prune, publish
from ganeti_webmgr.live.watching import watched

__all__ = ["prune", "publish", "watched"]
