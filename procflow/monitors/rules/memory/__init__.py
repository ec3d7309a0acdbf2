"""What monitors remember: values that states share, bounded by what can still make a difference."""
