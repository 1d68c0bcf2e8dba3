"""Reads: select, then frozen rows."""
