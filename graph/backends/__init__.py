"""Stores behind the GraphStore seam; ``open.py`` picks one by its address."""
