"""What is promised: tables, code lists, the indicator catalogue, identities and their projections.

Pure declarations and functions over them. No network, no orchestrator, no database, nothing of our other folders.
"""
