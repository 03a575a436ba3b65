"""Where it lives: the layout of the data home, Parquet reading and writing, the DuckDB file and its SQL models.

Knows what the tables are from `contracts`; knows nothing of how their rows are made.
"""
