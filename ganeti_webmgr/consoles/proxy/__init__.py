"""The console proxy: websockify's classes, in threads, with our tickets.

What websockify leaves open is closed here: one process instead of a fork for each console, tickets that are
good once, the origin of the page, any number of descriptors, frames of any size, and slow readers.
"""
