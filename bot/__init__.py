"""What is true without a Slack listener and without a clock ticking: settings, tables, rules, texts and views."""
