"""How it is made: one folder a verb, in the order in which data flows (ingest, parse, validate, store, publish).

In each, `defs.py` holds the thin Dagster assets and every other module is pure functions that know no orchestrator.
The five are siblings: none imports another, and what two of them need lies in `contracts` or `warehouse`.
"""
