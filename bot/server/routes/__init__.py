"""HTTP routes that belong to no channel and not to the desk."""
