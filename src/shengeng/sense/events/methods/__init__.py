"""Pure parts of the event edge: reading requests, translating GA4, making columns."""
