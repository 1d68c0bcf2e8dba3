"""How seeded fairs are made; `scheduling.generate` is the way in.

Only `random.Random.random()` is drawn from, whose sequence Python promises to keep, so that the same arguments
give the same problem on every machine and in every release; a test keeps digests.

What every kind has in common:

- people of alternating sides (supplier, buyer), each with a popularity min(8, Pareto 1.3);
- wishes, 10 a person and ranked: counterparts drawn by popularity without return, one of the same side kept
  with probability 0.15;
- ranks 1 to 3, 4 to 7 and later are worth 3, 2 and 1; a pair's value is the sum of both sides, 3 more if mutual;
- a fifth of the people are away for half of the slots, everybody for one slot in twenty;
- 0.4 tables a person.

`bench` is that and nothing else, one person an organisation, 20 slots in one session. `ess` has two sessions of
8, one or two delegates an organisation, stands for 30 % of the tables, and the rules of `generate.ESS`; ranks 1
to 3 are musts. `ess-full` puts every rule of the engine on top (`full`).
"""
