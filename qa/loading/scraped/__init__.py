"""Separate the article text of a scraped web page from menus, bylines, credits and teasers,
and parse the metadata in those lines."""
