"""What one event did wrong: one concern a file, each a pure function of a `Moment` on the canonical path."""
