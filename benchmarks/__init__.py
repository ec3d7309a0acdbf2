"""Side by side with peers, in one run, as ratios. Never a timed test."""
