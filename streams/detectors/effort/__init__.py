"""What the customer had to do: effort."""
