"""HTTP API of the phone app: packs down, the sealed inbox up, quarantine."""
