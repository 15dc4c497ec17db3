"""What the program is held to: published times, counts, events and closed forms, ours beside theirs."""
