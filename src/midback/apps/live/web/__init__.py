"""The live set in a browser, served to this machine by `midback serve`."""
