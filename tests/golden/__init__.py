"""Event files of released versions, which every later version must read."""
