"""The nerve: ion concentrations, membrane, excitability; and what sets the concentrations."""
