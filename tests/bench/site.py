"""A site to measure, gone afterwards with all that it kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from tests.processes import Processes, database_url


@contextmanager
def site() -> Iterator[Processes]:
    """Processes on an empty database; of them Redis runs, at the place where our own cache looks for it."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)  # else WhiteNoise warns of it
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        place = database_url(connection.settings_dict)
        with Processes(settings.STATE_DIR, database=place) as processes:
            processes.start("redis")
            yield processes
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
