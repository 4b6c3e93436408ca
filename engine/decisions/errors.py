"""The only errors that leave the package, beside those of :mod:`engine.feel`."""

from __future__ import annotations


class DecisionError(Exception):
    """Base of all errors of decision models."""


class DecisionModelError(DecisionError):
    """The bytes are not a DMN model that may be read; the sentence says why and what to do."""


class DecisionNotFoundError(DecisionError, LookupError):
    """The model has no decision, decision service or business knowledge model of that id or name."""
