"""The moderators' console: pages rendered on the server, for people and not for programs."""
