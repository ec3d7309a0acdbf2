"""Clocks: how time runs in a case, what has run out, and who had the ball."""
