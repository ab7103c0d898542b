"""Hand-offs: requests for a person, the people who take them, and what they answer."""
