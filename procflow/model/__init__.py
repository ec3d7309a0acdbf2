"""The nouns. Frozen values that every room passes on; read this folder first."""
