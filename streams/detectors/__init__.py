"""The questions: one file each, `<family>/<kind>.py`, found by being there."""
