"""Proofs that need more than a test run: containers, other machines, no network. Each prints a table."""
