"""The HTTP interface, version 1; `service.app` mounts it."""
