"""Ingest: bytes from a file or folder become stored documents and readable texts, each with its origin.

Nothing here asks what a text means; that is `parse`.
"""
