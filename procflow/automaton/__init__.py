"""What may happen where: flat machines, one per region, explored lazily into moves between configurations."""
