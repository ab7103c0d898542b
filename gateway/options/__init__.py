"""Options of customers: terms from the client's file, and offers of hosts, also by asking them."""
