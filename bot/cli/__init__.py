"""The `sangdam` command."""
