"""Decisions. The standard library and itself, nothing else."""
