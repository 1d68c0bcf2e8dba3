"""Slow work: ordered by requests, done by the worker, its truth in rows."""
