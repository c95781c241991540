"""What went wrong or did not happen: friction and broken service."""
