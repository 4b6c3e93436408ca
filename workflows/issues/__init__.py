"""Residents' issues: found twice, handled level by level, answered, and counted in the end."""
