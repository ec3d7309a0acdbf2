"""Waiting: hand-offs, questions, and who answers for a case."""
