"""What Block Kit allows, and Slack's words for what it does not."""
