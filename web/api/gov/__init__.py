"""``/gov/v1``: what governance adds, with the conventions of ``/v2``."""
