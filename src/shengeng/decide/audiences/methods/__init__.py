"""Reading, writing, rendering and combining sentences; the compiled pass over sequences. All pure."""
