"""Fairness: what is seen only over many cases."""
