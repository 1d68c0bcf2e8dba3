"""Parse and clean what was typed; no query."""
