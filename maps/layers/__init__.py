"""The layers of the map: one file each, found by its constant ``LAYER``."""
