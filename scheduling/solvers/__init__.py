"""Ways to a plan; whatever one returns is verified by `scheduling.solve` before anyone sees it."""
