"""Static files under names that change with their contents."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # it has no types
    """Hashed names also inside ES modules, so that a browser never mixes two versions."""

    support_js_module_import_aggregation = True
