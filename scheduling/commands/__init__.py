"""One file a command: each has `register(commands)`, which adds its options, and the function they run.

A command's function takes the parsed options and gives an exit code; it raises `scheduling.io.BadInput` (or a
subclass, or OSError) on input it cannot read, which `scheduling.cli` words and turns into exit code 2.
"""
