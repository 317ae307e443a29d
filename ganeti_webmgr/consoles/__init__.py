"""The screens and serial lines of machines in a browser.

The web process hands out tickets; the console proxy (`manage.py consoleproxy`) takes them, asks the cluster
where the screen is, and relays. The browser never learns an address, a port or a password of the machine's
screen.
"""
