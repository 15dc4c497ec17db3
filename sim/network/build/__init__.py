"""How the reference networks are derived from their fact tables: run by hand, committed as CSV."""
