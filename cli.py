"""The door of a checkout: `python cli.py check procedures/complaint.yaml` is `procflow check ...`."""

from procflow.cli import main

if __name__ == "__main__":
    main(prog_name="procflow")
