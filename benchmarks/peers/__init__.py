"""Other tools beside midback: the same landmarks and videos through all of them."""
