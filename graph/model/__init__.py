"""Frozen, slotted, keyword-only records of the graph. No I/O. Unknown is ``None``, never "no"."""
