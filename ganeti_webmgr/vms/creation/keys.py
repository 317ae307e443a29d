"""SSH keys that a new machine can be given: from the profiles of those who will use it."""

from __future__ import annotations

from ganeti_webmgr.accounts.models import SSHKey, User
from ganeti_webmgr.permissions.models import Project

MINE, PROJECT, NONE, KEPT = "mine", "project", "none", "kept"


def choices(user: User, project: Project | None, *, kept: bool) -> list[tuple[str, str]]:
    """Whose keys there are to choose from, with how many."""
    mine = SSHKey.objects.filter(user=user).count()
    found = [(KEPT, "As it was asked for before")] if kept else []
    found.append((MINE, f"Yours: {_number(mine)}" if mine else "Yours: you have none in your profile"))
    if project is not None and project.personal_of_id is None:
        theirs = _of_project(project).count()
        found.append((PROJECT, f"Of everybody in {project}: {_number(theirs)}"))
    return [*found, (NONE, "None")]


def text(choice: str, *, user: User, project: Project | None, kept: str = "") -> str:
    """The chosen keys, one a line."""
    if choice == KEPT:
        return kept
    rows = SSHKey.objects.none()
    if choice == MINE:
        rows = SSHKey.objects.filter(user=user)
    elif choice == PROJECT and project is not None:
        rows = _of_project(project)
    return "\n".join(f"{key.text} {key.user.username}" for key in rows.select_related("user").order_by("pk"))


def _of_project(project: Project):  # type: ignore[no-untyped-def]  # a queryset of keys
    return SSHKey.objects.filter(user__memberships__project=project, user__is_active=True)


def _number(count: int) -> str:
    return f"{count} key" if count == 1 else f"{count} keys"
