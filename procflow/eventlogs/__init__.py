"""Event logs: files in, `Trace`s out; one format a file. Start at `log.read_log`."""
