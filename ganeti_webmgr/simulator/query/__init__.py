"""Ganeti's query language: fields, cells, rows and filters."""
