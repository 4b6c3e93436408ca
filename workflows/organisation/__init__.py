"""Places, people, posts, bodies and their seats, and who fills which lane of a process."""
