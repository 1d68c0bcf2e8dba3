"""Proven bounds on the terms of the score, each naming its argument; what is not proven is None."""

from __future__ import annotations

from scheduling.bounds.linear import Bound

__all__ = ["Bound"]
