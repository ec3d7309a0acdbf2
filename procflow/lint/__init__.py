"""Checks of a procedure beyond its shape and names: one family of checks a file."""
