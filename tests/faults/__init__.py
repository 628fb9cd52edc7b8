"""What may go wrong while a run is written: each fault is brought about for real, in a process of its own."""
