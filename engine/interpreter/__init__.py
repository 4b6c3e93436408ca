"""The only door to SpiffWorkflow, and the stepping of tokens.

``parser`` lets SpiffWorkflow read a BPMN file into process specifications and turns each into an
immutable :class:`~engine.interpreter.model.ProcessModel`; ``execution`` moves the tokens of one
instance over that model, row by row.
"""
