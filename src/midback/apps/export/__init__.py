"""`midback export`: what a recording showed, as files that other tools open."""
