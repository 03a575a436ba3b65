"""The site that every release carries in ``site/``: pages in a browser, from any server or from the folder itself.

Here belong the data of the pages (``data``), the hand-written pages (``bundle/``) and the files made of both
(``files``). Not here: any figure that the tables of the release do not hold.
"""
