"""Solvers of the published timetabling problem: racers of different minds share one board of what is known."""
