"""What people do in Slack, answered: each module's `register` is its table of triggers."""
