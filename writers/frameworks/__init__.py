"""One part a framework: each reads its live objects and is imported only by its users."""
