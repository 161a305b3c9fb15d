"""Small builders for tests: people, lists, loads."""
