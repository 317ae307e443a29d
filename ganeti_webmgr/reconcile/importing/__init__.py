"""The database of the original Ganeti Web Manager, brought over."""
