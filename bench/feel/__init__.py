"""Benchmarks of the expression language: speed, hostile input, fuzz, exactness, peers."""

from __future__ import annotations
