"""A Slack workspace on your own machine: Web API, Socket Mode, Events API over HTTP, and a page in the browser.

It knows nothing of any particular bot: unmodified `slack_sdk` and `slack_bolt` talk to it over real sockets.
"""
