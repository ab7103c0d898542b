"""The road of a message: receive, understand, turn, send, receipts."""
