"""The contract in code: what is on disk, declared once; one file a kind."""
