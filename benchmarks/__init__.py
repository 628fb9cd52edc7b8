"""Benchmarks: each file measures one thing beside what people use today, in one run on one machine. `python -m benchmarks` prints the table."""
