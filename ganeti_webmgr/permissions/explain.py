"""Why somebody may do something, or what is missing: the answers of `policy`, with their reasons in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Model

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.vocabulary import ROLES, WORDS, giving, words
from ganeti_webmgr.permissions.ways import Link, Ways


@dataclass(frozen=True)
class Explanation:
    """Whether somebody may, by which links, or else what is missing and who could give it."""

    allowed: bool
    question: str
    what: str  # "start, stop and restart it"
    links: tuple[Link, ...]
    missing: str
    enough: str  # the least that would let him


def explain(user: User, permission: str, target: Model) -> Explanation:
    """The chain that lets the person, or what is missing; the answer is that of `policy.may`."""
    return _explained(Ways(user, target), permission, allowed=policy.may(user, permission, target))


def explain_all(user: User, target: Model) -> list[Explanation]:
    """The same for everything that can be done with the object, in the order of the vocabulary."""
    ways, held = Ways(user, target), policy.held(user, target)
    names = WORDS[policy.kind_of(type(target))]
    return [_explained(ways, name, allowed=name in held) for name in names]


def switched_off(user: User) -> str:
    """Why somebody may nothing at all; empty where that is not so."""
    return "" if user.is_active else f"The account of {user} is switched off: nothing it was given works."


def _explained(ways: Ways, permission: str, *, allowed: bool) -> Explanation:
    user, target = ways.user, ways.target
    kind = policy.kind_of(type(target))
    told = policy.missing(permission, target, frozenset({permission} if allowed else ()))
    return Explanation(
        allowed=allowed,
        question=f"May {user} {words(kind, permission, target)}?",
        what=words(kind, permission),
        links=tuple(ways.links(permission)) if allowed else (),
        missing=switched_off(user) or _of(user, told),
        enough="" if allowed or not user.is_active else _enough(kind, permission, target),
    )


def _of(user: User, told: str) -> str:
    """What is told to the person, as it is told of him."""
    return (
        told.replace("You", str(user), 1).replace("give you", "give it to them").replace(" the right.", ".")
    )


def _enough(kind: str, permission: str, target: Model) -> str:
    wanted = giving(kind, permission) if kind in ROLES else frozenset()
    least = next((role for role in ROLES.get(kind, {}).values() if role.permissions & wanted), None)
    return f"{least.label} {'of' if kind == 'project' else 'on'} {target} would be enough." if least else ""
