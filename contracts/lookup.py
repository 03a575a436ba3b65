"""Looking values of one column up in another, in Arrow: pandas' own ``isin`` and ``map`` walk texts one by one.

Here belong these look-ups. Not here: what they are asked for.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


def is_among(values: pd.Series[Any], options: pd.Series[Any]) -> pd.Series[bool]:
    """Return whether each value is one of the options; False for null."""
    found = pc.is_in(_arrow(values), value_set=_arrow(options), skip_nulls=True)
    return pd.Series(found.to_numpy(zero_copy_only=False), index=values.index, dtype=bool)


def looked_up(values: pd.Series[Any], keys: pd.Series[Any], answers: pd.Series[Any]) -> pd.Series[Any]:
    """Return for each value the answer beside the first key that equals it; null where there is none."""
    place = pc.index_in(_arrow(values), value_set=_arrow(keys), skip_nulls=True)
    places = pc.fill_null(place, -1).to_numpy(zero_copy_only=False)
    taken = pd.api.extensions.take(answers.array, places, allow_fill=True)
    return pd.Series(taken, index=values.index)


def _arrow(values: pd.Series[Any]) -> pa.Array:
    array = pa.array(values, from_pandas=True)
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    return array.cast(pa.string()) if pa.types.is_large_string(array.type) or pa.types.is_null(array.type) else array
