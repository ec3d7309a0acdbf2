"""`python -m procflow`: the command line."""

from procflow.cli import main

if __name__ == "__main__":
    main(prog_name="procflow")
