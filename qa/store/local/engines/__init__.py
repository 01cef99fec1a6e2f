"""The search engines: FAISS over passage vectors, tantivy over terms, and filters for both.

They are derived from the record and identify passages only by row number.
"""
