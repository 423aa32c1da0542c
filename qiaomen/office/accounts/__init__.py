"""Who works here: how an account begins, changes, ends, and where its person is signed in just now."""
