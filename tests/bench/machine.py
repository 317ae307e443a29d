"""Where figures come from."""

from __future__ import annotations

import os
import platform

from django.db import connection


def described() -> str:
    """What there is to know about this machine, and how busy others keep it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SHOW server_version" if connection.vendor == "postgresql" else "SELECT sqlite_version()"
        )
        version = cursor.fetchone()[0]
    return (
        f"{len(os.sched_getaffinity(0))} cores, {platform.freedesktop_os_release()['PRETTY_NAME']}, "
        f"Python {platform.python_version()}, {connection.display_name} {version}, "
        f"load {os.getloadavg()[0]:.1f}"
    )
