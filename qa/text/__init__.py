"""Text rules independent of articles and indexes: sentences, dates, quantities, quotations.
Each module contains a few pure functions that every other folder may import."""
