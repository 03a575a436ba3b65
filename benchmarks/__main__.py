"""Every measurement, one after the other: ``make bench``; one alone is run by its own name."""

from benchmarks import release_csv, scale

scale.main([])
release_csv.main([])
