"""Engines: a Plan in, a Ledger out; they know neither network nor law nor dates."""
