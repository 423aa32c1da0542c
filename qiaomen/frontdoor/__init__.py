"""What stands before Django: bodies are read here, with a limit, a deadline and slots for each address."""
