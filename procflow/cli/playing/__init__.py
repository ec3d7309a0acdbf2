"""Playing a procedure: a walk on the real engine with a clock of its own, what it looks like, and what it asks."""
