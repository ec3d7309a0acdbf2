"""The owner's scenarios: run as cases before the judge, held against what is expected, and measured."""
