"""The service: HTTP, storage, the moderators' console and the command line."""
