"""Community governance: one folder per topic, built on the engine, unaware of HTTP."""
