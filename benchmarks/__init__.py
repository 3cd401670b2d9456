"""Speed, measured: `make bench` (docs/quality.md holds the tables). Nothing here is a test."""
