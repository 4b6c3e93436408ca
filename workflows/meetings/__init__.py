"""The council's meeting: roster, notice, attendance, ballot, resolution, archive."""
