"""Working days, business hours and the deadlines computed from them."""
