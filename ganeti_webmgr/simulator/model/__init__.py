"""What a Ganeti cluster knows: its configuration, and what its hypervisors would report."""
