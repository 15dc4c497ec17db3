"""The market: prices follow costs, sales follow prices, jobs and trade follow sales; and plants that move."""
