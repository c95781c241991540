"""The promise: everything that crosses a topic, as pydantic models for people who never read streams/."""
