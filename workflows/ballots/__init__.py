"""The ballot box: who voted and what was voted are kept apart, and counted exactly."""
