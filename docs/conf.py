"""How Sphinx builds the documentation: `make docs`."""

from __future__ import annotations

project = "Ganeti Web Manager"
copyright = "The Ganeti Web Manager developers"  # noqa: A001
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]

myst_enable_extensions = ["deflist", "colon_fence"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = project
html_show_sphinx = False
