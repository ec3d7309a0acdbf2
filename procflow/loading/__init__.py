"""Text -> model, with all findings at once: procedures, people and mappings. The only door of YAML and JSON Schema."""

from procflow.loading.procedure import load_procedure

__all__ = ["load_procedure"]
