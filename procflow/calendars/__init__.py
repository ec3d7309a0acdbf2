"""Business time: lengths as people write them, calendars, and exact arithmetic on both. Pure; nothing here reads a file."""
