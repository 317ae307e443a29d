"""Jobs: submitted, queued, waiting for locks, running, ended."""
