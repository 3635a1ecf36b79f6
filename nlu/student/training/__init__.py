"""How the student is taught. Not needed to run anything."""
