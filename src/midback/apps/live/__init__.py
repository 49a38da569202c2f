"""Live feedback: one coach behind two faces, the window and the page."""
