"""Store: accepted rows become the reconciled county-years and the queryable warehouse.

Files and views only; where they lie is the business of `warehouse`.
"""
