"""The parts of RFB (RFC 6143) that stand between a browser and a machine's screen.

`upstream` speaks first to the machine's server, `downstream` then to the browser, which needs no password;
from there on bytes are passed on, and what the browser sends goes through `messages`.
"""
