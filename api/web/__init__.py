"""Pages: templates, what they show, and the static files they use."""
