"""SMS over Twilio's API of 2010-04-01."""
