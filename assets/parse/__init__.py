"""Parse: a text becomes whose report it is, of which year, and every number it states.

Pure functions from text to rows. No storage and no database. Modules that lie compiled are taken before their sources.
"""

from assets.parse.native import folder

_compiled = folder()
if _compiled is not None:
    __path__.insert(0, str(_compiled))
