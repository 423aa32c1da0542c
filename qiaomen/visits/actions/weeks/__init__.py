"""The weeks ahead: what is promised, how long visits take, stairwells moved from one walk to another."""
