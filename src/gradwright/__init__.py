"""gradwright: gradients you can trust. Differentiate, check, descend, learn."""
