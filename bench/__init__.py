"""Benchmarks: the engine beside its peers, and the expression language (:mod:`bench.feel`)."""
