"""What a phone hands in becomes records: visits, answers, and the parts that a person looks at first."""
