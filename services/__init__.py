"""What is true: every rule of the product, one folder for each noun, imports only downwards."""
