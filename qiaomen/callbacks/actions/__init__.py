"""What happens in a call-back."""
