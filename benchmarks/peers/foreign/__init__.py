"""Programs that run inside the other tools' own environments, each in a process of its own."""
