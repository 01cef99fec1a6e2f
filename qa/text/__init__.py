"""Rules about text that need no article and no index: sentences, dates, quantities, quotations.
Each module is a handful of pure functions that every other folder may use."""
