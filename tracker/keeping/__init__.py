"""What keeps the rows when machines change: copies between databases, backups, restores (docs/operations.md)."""
