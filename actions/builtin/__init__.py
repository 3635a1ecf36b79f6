"""The actions that come with the product. Like those of a builder's package, they are handed the services they ask for."""
