"""What a phone brought that a person settles: findings on the stairs, two versions of a visit."""
