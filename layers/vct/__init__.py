"""The VCT exchange format (GB/T 17798-2007 and the land survey's 3.0): a reader and a writer that share no code.

Nobody on this project has read the standard's own text. The grammar comes from production software that reads and
writes such files and from a vendor's documentation; what none of them settles is named where it is used, and told.
"""
