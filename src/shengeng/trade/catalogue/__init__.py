"""What is sold: sellers, products, variants, categories, channels, attributes with their evidence."""
