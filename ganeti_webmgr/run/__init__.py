"""What `make run` calls: the whole product as one foreground process tree.

It starts Redis, prepares the database, starts the demonstration's simulator, then the site's own processes,
and keeps them running until it is told to stop. Production uses the same commands from systemd units instead.
"""
