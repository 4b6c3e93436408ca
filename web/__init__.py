"""The door: pages, HTTP API, command line and composition root."""
