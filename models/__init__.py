"""What the classifier is: codes, text, features, scorers, and the shipped weights."""
