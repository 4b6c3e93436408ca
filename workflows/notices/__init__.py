"""What is made public, and what is told to a person."""
