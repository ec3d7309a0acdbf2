"""One module a way in which rules are kept or broken: what their monitors do at an event."""
