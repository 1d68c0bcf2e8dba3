"""Messages: their words, their shape, and how they leave."""
