"""Two packs decide on what really happened; what differs, up to the first other message. Pure."""
