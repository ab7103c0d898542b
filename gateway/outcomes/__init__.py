"""What happened, told to hosts by signed webhooks made from numbered activity."""
