"""What surrounds a page: navigation, edition card, language links."""
