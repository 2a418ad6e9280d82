"""How a request gets out to a provider: one connection, a short patience, no redirect followed."""

from __future__ import annotations

import http.client
import ssl
from urllib.parse import urlsplit

from shengeng.trade.payments.contracts import Request, Response
from shengeng.trade.payments.contracts.refusals import PROVIDER_AWAY

PATIENCE_S = 10.0


def send(request: Request) -> Response:
    """Send a request and read its answer; refuses (unavailable) when none comes within ten seconds."""
    parts = urlsplit(request.url)
    host, port = parts.hostname or "", parts.port
    link = (
        http.client.HTTPSConnection(host, port, timeout=PATIENCE_S, context=ssl.create_default_context())
        if parts.scheme == "https"
        else http.client.HTTPConnection(host, port, timeout=PATIENCE_S)
    )
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        link.request(request.method, target, request.body or None, dict(request.headers))
        answer = link.getresponse()
        body = answer.read(request.longest + 1)
        if len(body) > request.longest:
            why = f"its answer is longer than {request.longest >> 20} MB"
            raise PROVIDER_AWAY.error(provider=host, why=why)
        return Response(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body)
    except (OSError, http.client.HTTPException) as error:
        raise PROVIDER_AWAY.error(provider=host, why=type(error).__name__) from error
    finally:
        link.close()
