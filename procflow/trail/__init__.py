"""The trail: what is written down of every event, so that nobody can change it unseen. Pure: no clock, file or store."""
