"""Servers the test run starts itself."""
