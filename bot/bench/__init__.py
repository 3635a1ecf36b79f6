"""Measurements of a running assistant, from outside, as its clients see it: `sangdam bench`."""
