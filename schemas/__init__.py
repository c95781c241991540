"""The promise: what crosses a topic, as pydantic models, for people who never read ``streams/``."""
