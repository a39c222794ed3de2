"""Known claims, true and false, and finding them in comments."""
