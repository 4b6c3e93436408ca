"""The ledger (台账): one book of what is to be put right, until it is struck off (销号)."""
