"""``/v2``: a frozen profile of the Camunda 8 REST API (as of 8.9), so that existing clients work.

Field names, states and meanings are that interface's; what governance adds lives under ``/gov/v1``.
"""
