"""Files from hosts: the same effects as the calls of the API, at the pace of whole portfolios."""
