"""What was eaten, drunk and taken, turned into amounts of nutrients; what is not known stays not known."""
