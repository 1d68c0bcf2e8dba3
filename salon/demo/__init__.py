"""A fictional fair to try Salon with: `cast` makes the people, `rows` are its values, `imports` a file to load."""
