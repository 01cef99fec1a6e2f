"""The search engines: FAISS over passage vectors, tantivy over words, and filters for both.

They are derived from the record and know passages by row number alone.
"""
