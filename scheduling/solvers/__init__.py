"""Ways to a plan; whatever one returns is verified by `scheduling.solving` before anyone sees it."""
