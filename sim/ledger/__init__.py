"""The ledger: what an engine reports, its events in order, and the balances that must hold."""
