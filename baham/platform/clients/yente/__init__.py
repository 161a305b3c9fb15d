"""yente's API, in its own shapes: what is written for yente asks, Baham answers. See docs/screening-service.md."""
