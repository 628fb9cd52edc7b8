"""Others' logs → our payloads, one file a source."""
