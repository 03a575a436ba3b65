"""Parse: a text becomes whose report it is, of which year, and every number it states.

Pure functions from text to rows. No storage and no database.
"""
