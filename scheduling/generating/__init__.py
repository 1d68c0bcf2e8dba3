"""How seeded fairs are made; `scheduling.generate` is the way in.

Only `random.Random.random()` is drawn from, whose sequence Python promises to keep, so that the same arguments
give the same problem on every machine and in every release; a test keeps digests.
"""
