"""``python -m api``: the same as ``tsunagu``."""

from api.cli import main

main()
