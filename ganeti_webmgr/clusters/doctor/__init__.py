"""Tries a connection step by step and tells what it found; for workers, as it speaks to a cluster."""

from __future__ import annotations

from ganeti_webmgr.clusters.doctor.examination import examine

__all__ = ["examine"]
