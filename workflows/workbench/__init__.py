"""The administrator's workbench: drafts of processes, and publishing them as an act of two people."""
