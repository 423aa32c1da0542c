"""What phones brought back, in words: findings, and what two people say of one thing."""
