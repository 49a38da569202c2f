"""The faces of midback: command line and report. All of them drive the same Session."""
