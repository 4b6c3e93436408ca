"""The numbers matters go by."""
