"""What intake means for a person: usual intake and its doubt, adequacy, caffeine, water, sun, absorption."""
