"""The command line: parse, open one unit of work, render. Every command has --json."""
