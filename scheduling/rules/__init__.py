"""The checkers of the hard rules, by what they look at; `scheduling.verify` is the way in."""
