"""Benchmarks: a folder of instances, each solved by a process of its own, verified, compared, recorded."""
