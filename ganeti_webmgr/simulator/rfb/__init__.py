"""Screens: an RFB 3.8 server (RFC 6143) for each running machine, all in one thread."""
