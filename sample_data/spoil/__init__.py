"""Clean files of the sample county, and everything that operators do to such files before they send them.

Each spoiler takes a clean table and a seeded source of chance, and tells for every fault that it plants where the
fault is, under which codes of the catalogue it may be found, and what the value was. Nothing here looks at how the
product reads a file.
"""
