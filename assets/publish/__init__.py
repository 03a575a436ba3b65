"""Publish: the warehouse becomes an immutable release that anyone can verify.

Reads accepted tables only; never parses or corrects.
"""
