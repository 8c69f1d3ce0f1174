"""How Slack signs what it posts to an app (docs.slack.dev, "Verifying requests from Slack")."""

import hashlib
import hmac


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The value of X-Slack-Signature for a raw request body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
