"""Believable contents, the same for the same seed."""
