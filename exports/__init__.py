"""Pure documents: frozen rows in, bytes out; imports nothing of `salon` or `scheduling`."""
