"""Pure methods: surprise, scenes, belonging, names."""
