"""Registers every task of the queue by importing the modules that handle them."""

from __future__ import annotations
