"""The Web API: one file for each family of methods, found by name in one table."""

from sandbox.web_api import auth, chat, conversations, reactions, users, views

FAMILIES = (auth, chat, conversations, reactions, users, views)
"""Importing a family puts its methods in the table of `sandbox.web_api.registry`."""
