"""Finding people: `known` says what of a person is searched, `find` answers."""
