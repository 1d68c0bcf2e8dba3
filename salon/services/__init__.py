"""Writes, named by verbs: they take `session, actor, now`, flush and audit, never commit."""
