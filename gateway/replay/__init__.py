"""What dialogs would have made of stored conversations: rebuilt from the record, never written."""
