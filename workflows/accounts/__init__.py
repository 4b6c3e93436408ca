"""Local accounts: who may sign in, with which name and password."""
