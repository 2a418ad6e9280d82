"""The event edge: behaviour as it happens, durable before it is acknowledged, once in the lake."""
