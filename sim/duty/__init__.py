"""What a declaration owes: lines, elections at least cost, fees per entry, accounts and refunds."""
