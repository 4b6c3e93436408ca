"""Working together on a matter: tasks in other hands, copies, urging, comments. Whom it touches is told."""
