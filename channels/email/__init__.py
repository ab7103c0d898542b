"""Email: out by SMTP, in by IMAP, a hook or a file; parsed, and told from machines."""
