"""The operators' console: its built files, and read routes composed of several capabilities' api."""
