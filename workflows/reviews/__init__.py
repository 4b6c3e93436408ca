"""The half-yearly review of grid work: a panel drawn by lot, a secret evaluation, grades, and what follows from them."""
