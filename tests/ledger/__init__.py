"""The payments ledger in the store."""
