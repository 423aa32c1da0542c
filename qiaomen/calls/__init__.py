"""Who is rung up, what a warning asks for, and a question put to many doors."""
