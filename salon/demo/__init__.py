"""A fictional fair to try Salon with: `cast` draws it, `rows` are its values, `imports` a file to load."""
