"""The payments ledger in the store: what was heard of payments, and all that follows from it."""
