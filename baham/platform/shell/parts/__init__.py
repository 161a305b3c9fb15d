"""What the template tags draw, as plain functions that return escaped HTML. `templatetags/baham.py` names them."""
