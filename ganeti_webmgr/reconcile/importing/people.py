"""People with their passwords and SSH keys."""

from __future__ import annotations

from django.contrib.auth.hashers import identify_hasher, make_password
from django.core.exceptions import ValidationError

from ganeti_webmgr.accounts import ssh
from ganeti_webmgr.accounts.models import SSHKey, User
from ganeti_webmgr.accounts.services import add_key
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.reconcile.importing.known import Known, text
from ganeti_webmgr.reconcile.importing.report import Report
from ganeti_webmgr.reconcile.importing.source import Row, Source


def bring_people(source: Source, known: Known, report: Report) -> None:
    """Accounts that are not here yet; one of the same name is taken for the same person and left as it is."""
    report.part("People")
    for row in source.rows("users"):
        name = text(row, "username")
        with report.one(name):
            existing = User.objects.filter(username=name).first()
            if existing:
                report.same(f"{name}: left as the account is here")
            known.people[row["id"]] = existing or _made(row, name, known, report)
    report.part("SSH keys")
    for row in source.rows("keys"):
        if person := known.people.get(row["user_id"]):
            with report.one(f"A key of {person}"):
                _bring_key(person, text(row, "key"), known, report)


def _made(row: Row, name: str, known: Known, report: Report) -> User:
    person = User(
        username=name,
        first_name=text(row, "first_name", 150),
        last_name=text(row, "last_name", 150),
        is_active=bool(row.get("is_active")),
        is_superuser=bool(row.get("is_superuser")),
        password=_password(text(row, "password")),
    )
    person.full_clean()
    notes = [*(["an administrator of everything"] if person.is_superuser else [])]
    notes += [] if person.is_active else ["switched off, as there"]
    lacks = [] if person.has_usable_password() else ["its password cannot be read here: set one"]
    person.email = text(row, "email")
    try:
        person.full_clean()
    except ValidationError as error:
        lacks.append(f"without the address {person.email}: {' '.join(error.messages)}")
        person.email = ""
    person.save(force_insert=True)
    facts = {"username": name, "is_active": person.is_active, "is_superuser": person.is_superuser}
    record("person.created", person, by=known.by, person=person, after=facts)
    report.did(f"{name}: {', '.join(notes) or 'an account'}")
    for lack in lacks:
        report.could_not(f"{name}: {lack}")
    return person


def _password(encoded: str) -> str:
    """What was kept of the password, where it can be checked here; else one that nobody has."""
    try:
        identify_hasher(encoded).decode(encoded)
    except Exception:
        return make_password(None)
    return encoded


def _bring_key(person: User, pasted: str, known: Known, report: Report) -> None:
    key = ssh.read(" ".join(pasted.split()))
    if SSHKey.objects.filter(user=person, fingerprint=key.fingerprint).exists():
        report.same(f"{person}: {key.fingerprint}")
        return
    add_key(person, " ".join(pasted.split()), by=known.by)
    report.did(f"{person}: {key.comment or key.fingerprint}")
