"""`python -m service.cli` is `qulaq`."""

from service.cli import main

main()
