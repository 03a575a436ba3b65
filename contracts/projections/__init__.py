"""Projections: the declared tables in the words of each library and format.

One module a target: pandera (``frames``), Arrow, DuckDB comments, Frictionless, Markdown. Each is a pure
function of a ``Table``; none adds anything that the declaration does not say.
"""
