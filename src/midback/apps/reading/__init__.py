"""Reading one recording: pictures in, poses out, as fast as the machine allows.

A long recording is cut over the cores (`cuts`, `relay`, `crew`); where it is asked for, no more
frames are looked at than the movement needs (`pace`). The way in is `watch.watch`.
"""
