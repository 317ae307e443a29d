"""Ganeti Web Manager: run many Ganeti clusters in a browser."""
