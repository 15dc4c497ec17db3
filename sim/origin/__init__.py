"""Origin of one good: its costs, its materials, and the tests of the rule that applies on a day."""
