"""Pure ASGI middlewares, outermost first: headers, record, head, bodies."""
