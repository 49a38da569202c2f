"""`midback progress`: what the weeks show, in the terminal and on one page."""
