"""Every measurement, one after the other: ``make bench``; one alone is run by its own name."""

from benchmarks import extractor, pages, release_csv, scale

extractor.main([])
scale.main([])
release_csv.main([])
pages.main([])
