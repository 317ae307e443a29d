"""Browsers by the names that people give them."""

from __future__ import annotations

# The first that fits: most call themselves by the names of others as well.
BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
    "BSD": "BSD",
}


def browser(user_agent: str) -> str:
    """ "Firefox on Linux"; the first word of what is no browser; empty where nothing is known."""
    name = next((name for mark, name in BROWSERS.items() if mark in user_agent), "")
    system = next((system for mark, system in SYSTEMS.items() if mark in user_agent), "")
    if not name:
        return user_agent.partition(" ")[0][:80]
    return f"{name} on {system}" if system else name
