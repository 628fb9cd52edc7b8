"""Bytes and queries that nobody should send: each is read or refused, and nothing else gets out."""
