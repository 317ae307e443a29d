"""What `make run` is told from outside, on top of what a site is told."""

from __future__ import annotations

from pydantic import AliasChoices, Field

from ganeti_webmgr.environment import Environment


class Options(Environment):
    """Where to listen, and whether to show the demonstration."""

    host: str = Field("127.0.0.1", validation_alias=AliasChoices("HOST", "GWM_HOST"))
    """Address to listen on. Whoever can reach it can reach the site, over plain HTTP."""

    port: int = Field(8000, ge=0, le=65535, validation_alias=AliasChoices("PORT", "GWM_PORT"))
    """Port to listen on; 0 takes a free one."""

    demo: bool = Field(True, validation_alias=AliasChoices("DEMO", "GWM_DEMO"))
    """Without any cluster in the database: start a simulator and add its two clusters."""
