"""The product's settings, cut off from whoever runs the tests: from their state directory and their `.env`.

Only DATABASE_URL is taken over, so that the tests can be run on PostgreSQL.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

from ganeti_webmgr.environment import Environment

for name in [name for name in os.environ if name.startswith("GWM_") and not name.startswith("GWM_REQUIRE_")]:
    del os.environ[name]
os.environ.pop("REDIS_URL", None)
Environment.model_config["env_file"] = None

# One for each test process (xdist has several), shared with the processes that its tests start.
_place = f"TEST_STATE_DIR_{os.environ.get('PYTEST_XDIST_WORKER', '')}"
if _place not in os.environ:
    os.environ[_place] = tempfile.mkdtemp(prefix="gwm-test-")
    atexit.register(shutil.rmtree, os.environ[_place], ignore_errors=True)
os.environ["GWM_STATE_DIR"] = os.environ[_place]

from ganeti_webmgr.settings import *  # noqa: E402, F403
from ganeti_webmgr.settings import DATABASES, STATE_DIR, STORAGES  # noqa: E402

# A file: web processes and threads that tests start could not see a database in memory.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(STATE_DIR / "test.sqlite3")}

# What people's passwords cost to check would be most of what the tests cost.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Under their plain names: nothing is collected before a test. Browser tests run the product's settings.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
