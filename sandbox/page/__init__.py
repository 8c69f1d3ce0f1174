"""The sandbox's page in the browser: a Slack that runs on your own machine.

The server draws the whole page from the workspace, and the browser morphs what it has into what it gets. The page
keeps no state of its own but what is being typed.
"""

from sandbox.page.routing import routes

__all__ = ["routes"]
