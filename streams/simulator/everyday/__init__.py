"""What residents do, by what it is about: an act is a function of a telling and a resident."""
