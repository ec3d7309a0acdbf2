"""Rules: one monitor a rule, the same for the engine and the auditor."""
