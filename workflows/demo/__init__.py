"""A demonstration community: its people, and matters at every stage of deliberation."""
