"""Speed: ratios of what midback takes to what a bare loop takes, each within one run."""
