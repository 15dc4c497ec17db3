"""Traffic fitted to counts: which months, by what regression, with what noise, and which booths it needs."""
